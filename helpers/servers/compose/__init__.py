"""The servers as containers of ``docker-compose.yml``."""
