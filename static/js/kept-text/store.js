// Unsaved text in the browser's database: encrypted with a key that the server gives to its owner only,
// for a day at most. Without IndexedDB or cryptography nothing is kept, and nothing else changes.
keptText.store = (() => {
  const LONGEST = 24 * 60 * 60 * 1000; // ms
  const page = crypto.randomUUID?.() || String(Math.random()); // this page, as loaded now
  const available = Boolean(window.indexedDB && crypto.subtle && keptText.owner);
  let stopped = false;
  let opened = null;
  let keys = null; // the key, then earlier ones, from before the server's own was replaced

  const open = () => {
    opened ||= new Promise((resolve, reject) => {
      const request = indexedDB.open("kept-text", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("texts", { keyPath: "id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opened;
  };
  // Run `act` on the object store; its result, or undefined where the browser keeps nothing.
  const use = async (mode, act) => {
    try {
      const transaction = (await open()).transaction("texts", mode);
      const request = act(transaction.objectStore("texts"));
      return await new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(request?.result);
        transaction.onerror = () => reject(transaction.error);
        transaction.onabort = transaction.onerror;
      });
    } catch {
      return undefined;
    }
  };

  const imported = (text) => {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  };
  const ownKeys = async () => {
    if (keys) return keys;
    const state = await keptText.check();
    if (state.state !== "in" || state.user !== keptText.owner) return null;
    keys = await Promise.all([state.key, ...state.earlier_keys].map(imported));
    return keys;
  };
  /** Decrypt a record by whichever key it was stored under; undefined if by none. */
  const decrypted = async (record, secrets) => {
    for (const secret of secrets) {
      try {
        return await crypto.subtle.decrypt({ name: "AES-GCM", iv: record.iv }, secret, record.data);
      } catch {
        // stored under another key
      }
    }
    return undefined;
  };

  /** Keep `content` under `id`, for this user and the page `path`. */
  const put = async (id, path, content) => {
    const [secret] = (available && !stopped && (await ownKeys())) || [];
    if (!secret || stopped) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, secret, new TextEncoder().encode(JSON.stringify(content)));
    if (!stopped) await use("readwrite", (texts) => texts.put({ id, path, page, user: keptText.owner, at: Date.now(), iv, data }));
  };
  const remove = (id) => use("readwrite", (texts) => texts.delete(id));
  const all = async () => (window.indexedDB && (await use("readonly", (texts) => texts.getAll()))) || [];
  const removeWhere = async (matches) => {
    for (const record of await all()) if (matches(record)) await remove(record.id);
  };
  const purge = () => removeWhere((record) => Date.now() - record.at > LONGEST);
  const forgetUser = (user) => removeWhere((record) => record.user === user);

  /** Return what this user typed on the page `path` before it was loaded, oldest first; not what is open elsewhere. */
  const left = async (path) => {
    const mine = (await all()).filter((record) => record.user === keptText.owner && record.path === path && record.page !== page);
    if (!available || !mine.length) return [];
    const locks = navigator.locks ? (await navigator.locks.query()).held.map((lock) => lock.name) : [];
    const secrets = await ownKeys();
    if (!secrets) return [];
    const found = [];
    for (const record of mine.filter((each) => !locks.includes(`kept-text:${each.page}`))) {
      const bytes = await decrypted(record, secrets);
      if (bytes) found.push({ ...record, content: JSON.parse(new TextDecoder().decode(bytes)) });
      else await remove(record.id); // of a key that was given up: nobody can read it any more
    }
    return found.sort((a, b) => a.at - b.at);
  };

  const stop = () => {
    stopped = true;
  };
  if (available) {
    navigator.locks?.request(`kept-text:${page}`, () => new Promise(() => {}));
    ownKeys().catch(() => {}); // before the session can end
  }
  return { available, put, remove, left, purge, forgetUser, stop };
})();
