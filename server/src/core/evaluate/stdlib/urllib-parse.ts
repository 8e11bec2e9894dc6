/** urllib.parse: splitting, joining and quoting addresses, in Python of our own. Nothing here opens one. */

import type { NativeModule } from '../native.ts'
import { knownName } from './known-names.ts'

const source = String.raw`
from collections import namedtuple as _namedtuple

_SCHEME_CHARACTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.'
_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~'
_WITH_PARAMETERS = ('', 'ftp', 'hdl', 'prospero', 'http', 'imap', 'https', 'shttp', 'rtsp', 'rtspu', 'sip', 'sips', 'mms', 'sftp', 'tel')
_WITH_NETLOC = ('', 'ftp', 'http', 'gopher', 'nntp', 'telnet', 'imap', 'wais', 'file', 'mms', 'https', 'shttp', 'snews', 'prospero', 'rtsp', 'rtspu', 'rsync', 'svn', 'svn+ssh', 'sftp', 'nfs', 'git', 'git+ssh', 'ws', 'wss', 'itms-services')


class _Netloc:
    def _user_host(self):
        user, at, host = self.netloc.rpartition('@')
        return user if at else None, host

    @property
    def username(self):
        user, _ = self._user_host()
        return None if user is None else user.partition(':')[0]

    @property
    def password(self):
        user, _ = self._user_host()
        if user is None:
            return None
        _, colon, password = user.partition(':')
        return password if colon else None

    def _host_port(self):
        _, host = self._user_host()
        before, bracket, rest = host.partition('[')
        if bracket:
            name, _, port = rest.partition(']')
            port = port.partition(':')[2]
        else:
            name, _, port = host.partition(':')
        return name, port or None

    @property
    def hostname(self):
        name, _ = self._host_port()
        if not name:
            return None
        name, percent, zone = name.partition('%')
        return name.lower() + percent + zone

    @property
    def port(self):
        _, port = self._host_port()
        if port is None:
            return None
        if not (port.isdigit() and port.isascii()):
            raise ValueError(f'Port could not be cast to integer value as {port!r}')
        number = int(port)
        if not 0 <= number <= 65535:
            raise ValueError('Port out of range 0-65535')
        return number

    def geturl(self):
        return urlunsplit(self) if len(self) == 5 else urlunparse(self)


class SplitResult(_Netloc, _namedtuple('SplitResult', 'scheme netloc path query fragment')):
    pass


class ParseResult(_Netloc, _namedtuple('ParseResult', 'scheme netloc path params query fragment')):
    pass


def urlsplit(url, scheme='', allow_fragments=True):
    for character in '\t\r\n':
        url = url.replace(character, '')
    url = url.lstrip(''.join([chr(code) for code in range(33)]))
    netloc = query = fragment = ''
    at = url.find(':')
    if at > 0 and url[0].isascii() and url[0].isalpha() and all([character in _SCHEME_CHARACTERS for character in url[:at]]):
        scheme, url = url[:at].lower(), url[at + 1:]
    if url[:2] == '//':
        ends = [found for found in [url.find(character, 2) for character in '/?#'] if found >= 0]
        end = min(ends) if ends else len(url)
        netloc, url = url[2:end], url[end:]
        if ('[' in netloc) != (']' in netloc):
            raise ValueError('Invalid IPv6 URL')
    if allow_fragments and '#' in url:
        url, fragment = url.split('#', 1)
    if '?' in url:
        url, query = url.split('?', 1)
    return SplitResult(scheme, netloc, url, query, fragment)


def urlparse(url, scheme='', allow_fragments=True):
    scheme, netloc, url, query, fragment = urlsplit(url, scheme, allow_fragments)
    params = ''
    if scheme in _WITH_PARAMETERS and ';' in url:
        at = url.find(';', url.rfind('/')) if '/' in url else url.find(';')
        if at >= 0:
            url, params = url[:at], url[at + 1:]
    return ParseResult(scheme, netloc, url, params, query, fragment)


def urlunsplit(components):
    scheme, netloc, url, query, fragment = components
    if netloc or (scheme and scheme in _WITH_NETLOC and url[:2] != '//'):
        if url and url[:1] != '/':
            url = '/' + url
        url = '//' + (netloc or '') + url
    if scheme:
        url = scheme + ':' + url
    if query:
        url = url + '?' + query
    if fragment:
        url = url + '#' + fragment
    return url


def urlunparse(components):
    scheme, netloc, url, params, query, fragment = components
    return urlunsplit((scheme, netloc, f'{url};{params}' if params else url, query, fragment))


def quote_from_bytes(data, safe='/'):
    allowed = _SAFE + (safe if isinstance(safe, str) else safe.decode('ascii'))
    return ''.join([chr(byte) if chr(byte) in allowed else f'%{byte:02X}' for byte in data])


def quote(string, safe='/', encoding=None, errors=None):
    if isinstance(string, str):
        string = string.encode(encoding or 'utf-8', errors or 'strict')
    return quote_from_bytes(string, safe)


def quote_plus(string, safe='', encoding=None, errors=None):
    if isinstance(string, str) and ' ' not in string:
        return quote(string, safe, encoding, errors)
    return quote(string, safe + ' ', encoding, errors).replace(' ', '+')


def unquote_to_bytes(string):
    data = string.encode('utf-8') if isinstance(string, str) else string
    pieces = data.split(b'%')
    result = [pieces[0]]
    for piece in pieces[1:]:
        digits = piece[:2].decode('latin-1')
        if len(digits) == 2 and all([digit in '0123456789abcdefABCDEF' for digit in digits]):
            result.append(bytes([int(digits, 16)]) + piece[2:])
        else:
            result.append(b'%' + piece)
    return b''.join(result)


def unquote(string, encoding='utf-8', errors='replace'):
    if '%' not in string:
        return string
    return unquote_to_bytes(string).decode(encoding, errors)


def unquote_plus(string, encoding='utf-8', errors='replace'):
    return unquote(string.replace('+', ' '), encoding, errors)


def urlencode(query, doseq=False, safe='', encoding=None, errors=None, quote_via=quote_plus):
    pairs = query.items() if hasattr(query, 'items') else query
    parts = []
    for key, value in pairs:
        values = value if doseq and not isinstance(value, (str, bytes)) and hasattr(value, '__len__') else [value]
        for one in values:
            parts.append('='.join([quote_via(each if isinstance(each, (str, bytes)) else str(each), safe) for each in (key, one)]))
    return '&'.join(parts)


def urldefrag(url):
    scheme, netloc, path, params, query, fragment = urlparse(url)
    return (urlunparse((scheme, netloc, path, params, query, '')), fragment) if fragment else (url, '')
`

export const urllibParseModule: NativeModule = { name: 'urllib.parse', build: () => ({}), source, missing: knownName('urllib.parse') }
