// The pages. Whatever comes from outside goes through `escape`.
const escape = (text) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (title, body) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1>${body}</body>
</html>
`;

const list = (reasons) =>
  reasons.length === 0 ? '' : `<ul>${reasons.map((reason) => `<li>${escape(reason)}</li>`).join('')}</ul>`;

export const message = (title, reasons = []) => page(title, list(reasons));

export const forgotPassword = () => page('Forgot your password?', `
<form method="post" action="/forgot-password">
  <label>E-mail <input name="email" type="email" autocomplete="username" required></label>
  <button>Send me a link</button>
</form>`);

export const resetPassword = (token, reasons = []) => page('Choose a new password', `${list(reasons)}
<form method="post" action="/reset-password">
  <input name="token" type="hidden" value="${escape(token)}">
  <label>New password <input name="new_password" type="password" autocomplete="new-password" required></label>
  <button>Change password</button>
</form>`);
