// Write everything that the site serves into $VAR_DIR/assets (default: var/assets beside this folder).
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import * as esbuild from 'esbuild'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const assets = resolve(here, '..', process.env.VAR_DIR || 'var', 'assets')
mkdirSync(assets, { recursive: true })

for (const name of ['wscb', 'admin']) {
  const { css } = sass.compile(join(here, 'scss', `${name}.scss`), {
    style: 'compressed',
    loadPaths: [join(here, 'node_modules')],
    // GOV.UK Frontend 5 is written with @import and the functions of its day; its version is pinned.
    quietDeps: true,
    silenceDeprecations: ['import', 'global-builtin', 'if-function'],
  })
  writeFileSync(join(assets, `${name}.css`), css)
}

// One file each, with only the components in use: the static storage can't rename what a module imports.
await esbuild.build({
  entryPoints: ['wscb', 'admin'].map(name => join(here, 'js', `${name}.js`)),
  outdir: assets,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2017',
  legalComments: 'none',
})

cpSync(join(here, 'images'), join(assets, 'images'), { recursive: true })
