import { defineConfig } from 'vite';

// One script and one style sheet, which a page can hold inline: no chunks, no paths, no requests.
export default defineConfig({
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    minify: true,
    cssMinify: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    lib: {
      entry: 'src/main.ts',
      name: 'dispersal',
      formats: ['iife'],
      fileName: () => 'report.js',
      cssFileName: 'report',
    },
  },
});
