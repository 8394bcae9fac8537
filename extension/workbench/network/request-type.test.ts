import { describe, expect, it } from 'vitest';
import { hostOf, requestType, urlParts } from './request-type.ts';

describe('a request', () => {
  it.each([
    ['text/html; charset=utf-8', 'document'],
    ['text/javascript', 'script'],
    ['application/problem+json', 'fetch'],
    ['image/svg+xml', 'image'],
    ['font/woff2', 'font'],
    [undefined, 'other'],
  ])('of %s is a %s', (mimeType, type) => {
    expect(requestType({ kind: 'http', mimeType })).toBe(type);
  });

  it('is what the page wanted it for, where the browser said so', () => {
    const typeOf = (destination: string, mimeType?: string) =>
      requestType({ kind: 'http', destination, mimeType });
    expect(typeOf('script')).toBe('script');
    expect(typeOf('empty', 'text/html')).toBe('fetch');
    expect(typeOf('constructor', 'text/css')).toBe('style');
    expect(requestType({ kind: 'websocket', destination: 'empty' })).toBe('websocket');
  });

  it('is known by the last part of its path', () => {
    expect(urlParts('/api/cart?x=/y')).toEqual({ name: 'cart', place: '/api/', query: '?x=/y' });
    expect(urlParts('/')).toEqual({ name: '/', place: '', query: '' });
    expect(urlParts('http://a.example/v1/rates?b=1')).toEqual({
      name: 'rates',
      place: 'a.example/v1/',
      query: '?b=1',
    });
    expect(urlParts('a.example:443').name).toBe('a.example:443');
    expect(urlParts('http://[').name).toBe('http://[');
  });

  it('went to a host only when it went out', () => {
    expect(hostOf('a.example:443')).toBe('a.example');
    expect(hostOf('a.example:8443')).toBe('a.example:8443');
    expect(hostOf('http://b.example/x')).toBe('b.example');
    expect(hostOf('/api')).toBeUndefined();
  });
});
