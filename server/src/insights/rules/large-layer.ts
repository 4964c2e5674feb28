import { defineRule, message } from '../rule.ts';

export const largeLayer = defineRule({
  name: 'large-layer',
  needs: 'image',
  level: 'info',
  summary: 'A layer is larger than the size set in `layerLens.largeLayer.megabytes`.',
  why: `Every layer ships with the image for ever, and is pushed, pulled and kept in full wherever the image goes.
The largest lines are where looking for something smaller pays first.`,
  examples: [
    {
      title: 'the heavy line is told',
      before: 'FROM scratch\nCOPY app /app\n«RUN» install-everything\nCMD ["/app"]\n',
      layers: [2_000_000, 312_000_000],
    },
    { title: 'small layers stay silent', before: 'FROM scratch\nCOPY app /app\n', layers: [2_000_000] },
  ],
  *check({ layers, settings }) {
    for (const { layer, keywordSpan } of layers) {
      const bytes = layer?.layer.bytes;
      if (layer && bytes !== undefined && bytes >= settings.largeLayerBytes && bytes > 0) {
        yield {
          at: keywordSpan,
          certainty: layer.certainty,
          message: message`This line puts ${{ bytes }} into the image.`,
        };
      }
    }
  },
});
