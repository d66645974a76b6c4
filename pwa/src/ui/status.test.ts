import { expect, test } from 'vitest';

import { networkLine } from './status.ts';

const calm = { online: true, unsent: 0, sentAt: null, attention: 0, trouble: null };

test('what needs attention is said before all else', () => {
  const line = networkLine({ ...calm, online: false, unsent: 3, attention: 2 });
  expect(line).toEqual({ tone: 'attention', message: '2 mục cần bạn xem lại', more: true });
});

test('without a network it says that one can go on, and what waits', () => {
  expect(networkLine({ ...calm, online: false }).message).toBe('Không có mạng: bạn vẫn làm tiếp được');
  expect(networkLine({ ...calm, online: false, unsent: 2 }).message).toBe(
    'Không có mạng: bạn vẫn làm tiếp được · 2 mục chờ gửi',
  );
});

test('what is saved and waits is said to be saved and to wait', () => {
  expect(networkLine({ ...calm, unsent: 2, sentAt: 1 }).message).toBe('Đã lưu trên máy này · còn 2 mục chờ gửi');
});

test('a server that can not be reached is not called a missing network', () => {
  const line = networkLine({ ...calm, unsent: 1, trouble: 'network' });
  expect(line.message).toBe('Chưa kết nối được máy chủ: bạn vẫn làm tiếp được · 1 mục chờ gửi');
});

test('what keeps it from being sent is said too', () => {
  expect(networkLine({ ...calm, unsent: 1, trouble: 'unavailable' }).message).toContain('1 mục chờ gửi. ');
});

test('files on their way are said to be, and that they are paused', () => {
  const files = { sent: 3_400_000, len: 10_000_000, paused: false };
  expect(networkLine({ ...calm, unsent: 1, files }).message).toBe('Đã lưu trên máy này · đang gửi tệp: 34 %');
  expect(networkLine({ ...calm, files: { ...files, paused: true } }).message).toContain('tạm dừng gửi tệp: 34 %');
  expect(networkLine({ ...calm, online: false, files }).message).toContain('Không có mạng');
});

test('when all is sent it says when', () => {
  expect(networkLine({ ...calm, sentAt: new Date(2026, 10, 22, 14, 2).getTime() }).message).toBe('Đã gửi lúc 14:02');
});
