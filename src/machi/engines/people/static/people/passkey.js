// Passkeys (Web Authentication Level 2): makes one, signs in with one, checks one. Works on <form data-passkey="…">.
"use strict";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function readable(options) {
  const keys = structuredClone(options.publicKey);
  keys.challenge = toBytes(keys.challenge);
  if (keys.user) keys.user.id = toBytes(keys.user.id);
  for (const list of ["allowCredentials", "excludeCredentials"])
    for (const one of keys[list] ?? []) one.id = toBytes(one.id);
  return { publicKey: keys };
}

function written(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

const onPage = () => JSON.parse(document.getElementById("passkey-options").textContent);
const ways = {
  add() {
    const options = readable(onPage());
    Object.assign(options.publicKey.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
    return navigator.credentials.create(options);
  },
  check: () => navigator.credentials.get(readable(onPage())),
  async "sign-in"(form) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`options: ${answer.status}`);
    return navigator.credentials.get(readable((await answer.json()).request_options));
  },
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[data-passkey-go]");
  const fault = form.querySelector("[data-passkey-error]");
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    form.querySelector("[data-passkey-missing]").hidden = false;
    continue;
  }
  button.addEventListener("click", async () => {
    fault.hidden = true;
    button.disabled = true;
    try {
      form.elements.credential.value = written(await ways[form.dataset.passkey](form));
      form.submit();
    } catch (error) {
      console.info("passkey:", error.name); // NotAllowedError: the reader gave up, or no passkey here
      fault.hidden = false;
      button.disabled = false;
    }
  });
  // Enter in the name of the key presses the button instead of sending a form without a key.
  form.addEventListener("submit", (event) => {
    if (!form.elements.credential.value) {
      event.preventDefault();
      button.click();
    }
  });
}
