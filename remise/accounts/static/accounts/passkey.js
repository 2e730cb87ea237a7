// A passkey is made or used by the browser (WebAuthn level 3); what it answers goes into the form.

const canMake = Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON);

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const options = JSON.parse(document.getElementById(form.dataset.options).textContent).publicKey;
  const isUse = form.dataset.passkey === "use";
  if (isUse) form.hidden = !canMake;
  else if (!canMake) form.querySelector("[data-unknown]").hidden = false;

  form.addEventListener("submit", async (event) => {
    if (!canMake || !form.checkValidity()) return; // the server says what is missing
    event.preventDefault();
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const answer = isUse
        ? await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
        : await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(answer.toJSON());
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
