// The demo application's way to the API: one function that calls, tells what it did, never throws.

const KEPT = "demo-token";

let token = sessionStorage.getItem(KEPT) ?? "";

export const hasToken = () => token !== "";

export const useToken = (text, keep) => {
  token = text.trim();
  if (token && keep) sessionStorage.setItem(KEPT, token);
  else sessionStorage.removeItem(KEPT);
};

const listeners = [];
export const onCall = (listener) => listeners.push(listener);

const read = async (response) => {
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return isJson ? response.json() : { retcode: response.ok ? 1 : -1, text: await response.text() };
};

// Answers {status, body}; status 0 when the portal could not be reached.
export const call = async (method, path, { query = {}, body } = {}) => {
  const filled = Object.entries(query).filter(([, value]) => value !== "" && value != null);
  const address = filled.length ? `${path}?${new URLSearchParams(filled)}` : path;
  const headers = new Headers(body ? { "Content-Type": "application/json" } : {});
  if (token) headers.set("Authorization", `Bearer ${token}`);
  const options = { method, headers, credentials: "omit", body: body && JSON.stringify(body) };
  const started = performance.now();
  let answer = { status: 0, body: { retcode: -1 } };
  try {
    const response = await fetch(address, options);
    answer = { status: response.status, body: await read(response) };
  } catch {
    // told by status 0
  }
  const ms = Math.round(performance.now() - started);
  for (const tell of listeners) tell({ method, address, status: answer.status, ms });
  return answer;
};
