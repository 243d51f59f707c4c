// What the pages do better with a script; they work without it.
'use strict';

const password = document.getElementById('password');
if (password) {
  const reasons = document.getElementById('reasons');
  const show = document.getElementById('show');
  const visit = password.form.elements.namedItem('visit').value;
  let asked = 0;
  let timer;

  show.parentElement.hidden = false;
  show.addEventListener('change', () => {
    password.type = show.checked ? 'text' : 'password';
  });

  const say = (verdict) => {
    const lead = document.createElement('p');
    lead.textContent = verdict.acceptable ? reasons.dataset.acceptable : reasons.dataset.refused;
    const list = document.createElement('ul');
    for (const reason of verdict.reasons) {
      const item = document.createElement('li');
      item.textContent = reason;
      list.append(item);
    }
    reasons.className = verdict.acceptable ? '' : 'reasons';
    reasons.replaceChildren(lead, ...(verdict.acceptable ? [] : [list]));
    password.setAttribute('aria-invalid', String(!verdict.acceptable));
  };

  // The service alone knows what it takes, so it is asked, once the typing pauses.
  const check = async () => {
    const number = ++asked;
    const body = new URLSearchParams({ visit, new_password: password.value });
    try {
      const answer = await fetch(password.dataset.check, { method: 'POST', body, credentials: 'same-origin' });
      if (answer.ok && number === asked && password.value !== '') say(await answer.json());
    } catch {
      // The form says it when it is sent.
    }
  };
  password.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (password.value !== '') check();
    }, 400);
  });

  // Nothing that was typed stays in a page that can be come back to.
  window.addEventListener('pagehide', () => {
    clearTimeout(timer);
    password.value = '';
    password.type = 'password';
    show.checked = false;
  });
}

const ask = document.querySelector('form[data-threshold]');
if (ask && window.crypto?.subtle) {
  const NUMBERS = 8;
  const AT_ONCE = 128;
  const email = ask.elements.namedItem('email');
  const working = document.getElementById('working');
  const sha256 = (bytes) => crypto.subtle.digest('SHA-256', bytes);
  let work = {};
  let isSending = false;

  document.getElementById('scriptless').hidden = true;

  // Numbers whose hashes are small (proof_of_work.rs); null if the address is another one by then.
  const search = async (mine) => {
    const challenge = ask.elements.namedItem('challenge').value;
    const seed = await sha256(new TextEncoder().encode(`${challenge}\n${mine.email}`));
    const hash = async (place, number) => {
      const message = new Uint8Array(37);
      message.set(new Uint8Array(seed));
      const view = new DataView(message.buffer);
      view.setUint8(32, place);
      view.setUint32(33, number);
      return new DataView(await sha256(message)).getUint32(0);
    };
    const found = [];
    for (let next = 0; found.length < NUMBERS && work === mine; next += AT_ONCE) {
      const hashes = await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => hash(found.length, next + at)));
      const small = hashes.findIndex((first) => first < Number(ask.dataset.threshold));
      if (small >= 0) {
        found.push(next + small);
        next = -AT_ONCE;
      }
    }
    return work === mine ? found.join('.') : null;
  };
  const prove = () => {
    if (work.email !== email.value) {
      work = { email: email.value };
      work.proof = search(work);
    }
    return work.proof;
  };

  // It begins once the address is there, and is often done when the button is pressed.
  email.addEventListener('change', () => {
    if (email.validity.valid) prove();
  });
  ask.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    working.textContent = working.dataset.text;
    let proof;
    do proof = await prove(); while (proof === null || work.email !== email.value);
    ask.elements.namedItem('proof').value = proof;
    ask.submit();
  });
  window.addEventListener('pageshow', () => {
    isSending = false;
    working.textContent = '';
  });
}
