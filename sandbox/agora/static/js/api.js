// AGORA's own API, with the token of whoever sits here.
import { state } from "./store.js";

async function call(path, options = {}) {
  const own = path.startsWith("/");
  const answer = await fetch(own ? path : `/agora/api/v1/accounts/${state.me.account_id}/${path}`, {
    ...options,
    headers: { ...(own ? {} : { "Api-Access-Token": state.me.access_token }), ...options.headers },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(reason(text) ?? `AGORA contestó ${answer.status}`);
  return text ? JSON.parse(text) : null;
}

function reason(text) {
  try {
    const body = JSON.parse(text);
    return body.error ?? body.message ?? body.errors?.[0] ?? body.detail;
  } catch {
    return null;
  }
}

export const get = (path) => call(path);

const json = (method) => (path, body = {}) =>
  call(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const post = json("POST");
export const put = json("PUT");

export const remove = (path) => call(path, { method: "DELETE" });

/** A form with files. */
export function postForm(path, fields, files) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of files) form.append("attachments[]", file, file.name);
  return call(path, { method: "POST", body: form });
}
