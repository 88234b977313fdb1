// kinesis-mock listens on every interface and has no setting for it. Loaded
// before it, this makes each listen() without a host one on 127.0.0.1 only.
const net = require("node:net");
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const first = args[0];
  if (typeof first === "object" && first !== null && "port" in first) {
    args[0] = { ...first, host: "127.0.0.1" };
  } else if (typeof first === "number" && typeof args[1] === "string") {
    args[1] = "127.0.0.1";
  } else if (typeof first === "number") {
    args.splice(1, 0, "127.0.0.1");
  }
  return listen.apply(this, args);
};
