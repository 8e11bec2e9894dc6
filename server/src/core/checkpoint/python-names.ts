/** Where Python 3 finds the names that Python 2 wrote. */

import { movedModules, movedNames } from './generated/weights-only.ts'

/** The module and name that `find_class` looks up, as torch's own reader maps them for every protocol. */
export function resolveName(module: string, name: string): { readonly module: string, readonly name: string } {
  const moved = movedNames.get(`${module} ${name}`)
  if (moved !== undefined) {
    const space = moved.indexOf(' ')
    return { module: moved.slice(0, space), name: moved.slice(space + 1) }
  }
  // The map that torch carries holds what its own checkpoints use; `pickle` itself moves some more modules.
  return { module: movedModules.get(module) ?? alsoMoved.get(module) ?? module, name }
}

/** Modules of `_compat_pickle` (Python's own table) that torch's copy lacks. */
const alsoMoved: ReadonlyMap<string, string> = new Map([
  ['commands', 'subprocess'], ['httplib', 'http.client'], ['urllib2', 'urllib.request'], ['cPickle', 'pickle'], ['_winreg', 'winreg'],
  ['thread', '_thread'], ['dummy_thread', '_dummy_thread'], ['ConfigParser', 'configparser'], ['anydbm', 'dbm'], ['xmlrpclib', 'xmlrpc.client'],
  ['SimpleXMLRPCServer', 'xmlrpc.server'], ['SocketServer', 'socketserver'], ['BaseHTTPServer', 'http.server'], ['CGIHTTPServer', 'http.server'],
  ['SimpleHTTPServer', 'http.server'], ['Tkinter', 'tkinter'], ['HTMLParser', 'html.parser'], ['cookielib', 'http.cookiejar'],
])
