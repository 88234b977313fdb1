"""Stream processing engines: installed on demand, and run on one job side by side."""
