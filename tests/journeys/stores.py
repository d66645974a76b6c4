"""What a phone's browser keeps: read raw, as a thief of its disk would, and opened with the key that it has."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

_OPENED = """async (store) => {
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const db = await asked(indexedDB.open('motcua'));
  const of = (name) => db.transaction(name).objectStore(name);
  const [vault, rows] = [await asked(of('meta').get('vault')), await asked(of(store).getAll())];
  db.close();
  const bytes = (text) => new TextEncoder().encode(text);
  const open = (key, data, about) => crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: data.slice(0, 12), additionalData: bytes(about) }, key, data.slice(12));
  const about = { base: (row) => `${row.kind} ${row.id}`, changes: (row) => `${row.kind} ${row.id}`,
    batches: (row) => `${row.seq}`, attention: (row) => `${row.kind} ${row.record}`, files: (row) => row.sha256 };
  const plain = (value) => value instanceof Map ? Object.fromEntries([...value].map(([k, v]) => [k, plain(v)]))
    : Array.isArray(value) ? value.map(plain)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)])) : value;
  let key = null;
  return Promise.all(rows.map(async ({ sealed, ...row }) => {
    if (sealed === undefined) return plain(row);
    if (key === null) {
      const raw = await open(vault.by.key, vault.wrapped, vault.id);
      key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
    }
    const text = new TextDecoder().decode(await open(key, sealed, `${store} ${about[store](row)}`));
    return { ...row, ...JSON.parse(text) };
  }));
}"""

_RAW = """async () => {
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const db = await asked(indexedDB.open('motcua'));
  const text = new TextDecoder();
  const shown = (_, value) => value instanceof Map ? [...value]
    : value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? text.decode(value) : value;
  const names = [...db.objectStoreNames];
  const all = await Promise.all(names.map((name) => asked(db.transaction(name).objectStore(name).getAll())));
  db.close();
  return JSON.stringify(Object.fromEntries(names.map((name, index) => [name, all[index]])), shown);
}"""


def opened(page: Page, store: str) -> list[dict[str, Any]]:
    """Return the rows of a store, with what is personal opened by the key that the browser keeps."""
    rows: list[dict[str, Any]] = page.evaluate(_OPENED, store)
    return rows


def raw(page: Page) -> dict[str, list[Any]]:
    """Return every row of every store as any script sees it, with bytes read as UTF-8."""
    stores: dict[str, list[Any]] = json.loads(page.evaluate(_RAW))
    return stores
