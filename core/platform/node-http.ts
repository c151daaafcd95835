/**
 * `node:http` for those who need more than its types. An ES import of it reads every export, and the getters of
 * `WebSocket`, `CloseEvent` and `MessageEvent` then load Node's whole HTTP client (undici): measured, 12 MB of resident
 * memory in each process that never fetches anything.
 */
export const { createServer, request } = process.getBuiltinModule('node:http');
