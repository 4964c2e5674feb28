/**
 * Readers that run inside the window: what stands there, as text. Nothing from outside a function can be used in it.
 * The project is compiled without the DOM's types, so the little that is read of it is named here.
 */

interface WindowElement {
  readonly textContent: string | null;
  readonly innerText: string;
  readonly className: string;
  readonly offsetWidth: number;
  /** Of an input. */
  readonly value?: string;
  readonly style: { readonly display: string };
  getAttribute(name: string): string | null;
  getClientRects(): { readonly length: number };
  getBoundingClientRect(): { readonly top: number };
  querySelector(selector: string): WindowElement | null;
  querySelectorAll(selector: string): Iterable<WindowElement>;
}

declare const document: {
  readonly activeElement: WindowElement | null;
  querySelector(selector: string): WindowElement | null;
  querySelectorAll(selector: string): Iterable<WindowElement>;
};

export function readEditor(): string {
  const editor = document.querySelector('.editor-group-container.active .monaco-editor');
  const plain = (element: WindowElement): string =>
    (element.textContent ?? '').replace(/\u00a0|\u00b7(?=\u00b7)/g, ' ').trimEnd();
  const rows = [
    ...[...(editor?.querySelectorAll('.view-lines > .view-line') ?? [])].map((row) => ({ row, text: plain(row) })),
    ...[...(editor?.querySelectorAll('.codelens-decoration') ?? [])]
      .filter((row) => row.getClientRects().length > 0 && plain(row) !== '')
      .map((row) => ({
        row,
        text: `» ${plain(row)
          .trim()
          .replace(/\s*\|\s*/g, ' | ')}`,
      })),
  ];
  return rows
    .map(({ row, text }) => ({ text, top: row.getBoundingClientRect().top }))
    .sort((one, other) => one.top - other.top)
    .map(({ text }) => text)
    .join('\n');
}

export function readStatus(): { text: string; label: string } | undefined {
  const item = document.querySelector('.statusbar-item[id$="layerLens.status"]');
  const label = item?.querySelector('.statusbar-item-label');
  return item && label && item.offsetWidth > 0
    ? { text: (label.textContent ?? '').trim(), label: label.getAttribute('aria-label') ?? '' }
    : undefined;
}

export function readNotifications(): string[] {
  return [...document.querySelectorAll('.notifications-center .notification-list-item')].map((item) =>
    [
      item.querySelector('.notification-list-item-message')?.textContent ?? '',
      ...[...item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')].map(
        (button) => `[${button.textContent}]`,
      ),
    ].join(' '),
  );
}

export function readPicks(): string[] {
  const widget = document.querySelector('.quick-input-widget');
  return widget && widget.style.display !== 'none'
    ? [...widget.querySelectorAll('.quick-input-list .monaco-list-row')].map(
        (row) => row.getAttribute('aria-label') ?? '',
      )
    : [];
}

export function readDialogPath(): string {
  const widget = document.querySelector('.quick-input-widget');
  return widget && widget.style.display !== 'none' ? (widget.querySelector('input.input')?.value ?? '') : '';
}

export function readHover(): string {
  return [
    ...document.querySelectorAll(
      '.monaco-editor .monaco-hover, .monaco-hover.workbench-hover, .monaco-resizable-hover .monaco-hover',
    ),
  ]
    .filter((hover) => hover.getClientRects().length > 0)
    .map((hover) => hover.innerText.replace(/\u00a0/g, ' '))
    .join('\n');
}

export function readFocus(): string {
  const focused = document.activeElement;
  return focused?.getAttribute('aria-label') ?? focused?.className ?? '';
}

export function readInspectedToken(): string {
  const text = document.querySelector('.token-inspect-widget')?.innerText ?? '';
  return text === '' ? '' : `${text.split('\n')[0]} ${/textmate scopes\s+(\S+)/.exec(text)?.[1]}`;
}
