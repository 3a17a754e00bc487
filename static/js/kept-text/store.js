// Unsaved text in the browser's database: encrypted with a key that the server gives to its owner only,
// for a day at most. Without IndexedDB or cryptography nothing is kept, and nothing else changes.
keptText.store = (() => {
  const LONGEST = 24 * 60 * 60 * 1000; // ms
  const page = crypto.randomUUID?.() || String(Math.random()); // this page, as loaded now
  const available = Boolean(window.indexedDB && crypto.subtle && keptText.owner);
  let stopped = false;
  let opened = null;
  let key = null;

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

  const ownKey = async () => {
    if (key) return key;
    const state = await keptText.check();
    if (state.state !== "in" || state.user !== keptText.owner) return null;
    const bytes = Uint8Array.from(atob(state.key), (char) => char.charCodeAt(0));
    key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    return key;
  };

  /** Keep `content` under `id`, for this user and the page `path`. */
  const put = async (id, path, content) => {
    const secret = available && !stopped && (await ownKey());
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
    const secret = await ownKey();
    if (!secret) return [];
    const found = [];
    for (const record of mine.filter((each) => !locks.includes(`kept-text:${each.page}`))) {
      try {
        const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: record.iv }, secret, record.data);
        found.push({ ...record, content: JSON.parse(new TextDecoder().decode(bytes)) });
      } catch {
        await remove(record.id); // of an earlier key: nobody can read it any more
      }
    }
    return found.sort((a, b) => a.at - b.at);
  };

  const stop = () => {
    stopped = true;
  };
  if (available) {
    navigator.locks?.request(`kept-text:${page}`, () => new Promise(() => {}));
    ownKey().catch(() => {}); // before the session can end
  }
  return { available, put, remove, left, purge, forgetUser, stop };
})();
