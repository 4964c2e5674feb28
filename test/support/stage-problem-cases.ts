/** Texts that read well; `«»` marks what BuildKit refuses all the same when it builds. */

export interface StageProblemCase {
  readonly title: string;
  readonly marked: string;
  readonly messages: readonly string[];
  readonly args?: Readonly<Record<string, string>>;
}

const emptyName =
  'The name of the base is empty, because nothing gives `$BASE` a value: set a default with an ARG before the first FROM.';
const below = 'Stage `later` begins only in line 3; a stage can read from those above it. Move one of the two.';

export const stageProblemCases: readonly StageProblemCase[] = [
  {
    title: 'FROM finds a stage by its name in small letters only',
    marked: 'FROM busybox:local AS Build\nFROM «Build»\n',
    messages: ['BuildKit keeps stage names in small letters: write `build` to stand on the stage of line 1.'],
  },
  {
    title: 'other words take names in any case',
    marked:
      'FROM busybox:local AS Build\nRUN touch /x\nFROM busybox:local\nCOPY --from=BUILD /x /x\nCOPY --from=0 /x /y\n',
    messages: [],
  },
  { title: 'a base without a name', marked: 'FROM «$BASE»\n', messages: [emptyName] },
  {
    title: 'an argument of a stage gives no base its name',
    marked: 'FROM busybox:local AS a\nARG BASE=busybox:local\nFROM «$BASE»\n',
    messages: [emptyName],
  },
  {
    title: 'a base whose name is given with the build',
    marked: 'ARG BASE\nFROM ${BASE}\n',
    messages: [],
    args: { BASE: 'busybox:local' },
  },
  {
    title: 'variables in --from',
    marked: 'ARG S=a\nFROM busybox:local AS a\nFROM busybox:local\nARG S\nCOPY «--from=$S» /etc /x\n',
    messages: [
      '`--from` takes no variables: give the image a stage of its own, `FROM` with the variable and `AS` a name, and copy from that.',
    ],
  },
  {
    title: 'a number that no stage has',
    marked: 'FROM busybox:local\nCOPY «--from=1» /etc /x\n',
    messages: ['There is no stage 1: the only one is 0.'],
  },
  {
    title: 'a number below all',
    marked: 'FROM busybox:local\nFROM busybox:local\nCOPY «--from=-1» /etc /x\n',
    messages: ['There is no stage -1: they are numbered from 0 to 1.'],
  },
  {
    title: 'copying from a stage below',
    marked:
      'FROM busybox:local AS a\nCOPY «--from=later» /etc /x\nFROM busybox:local AS later\nCOPY --from=a /etc /x\n',
    messages: [below],
  },
  {
    title: 'mounting from a stage below',
    marked:
      'FROM busybox:local AS a\nRUN «--mount=from=later,target=/m» true\nFROM busybox:local AS later\nCOPY --from=a /etc /x\n',
    messages: [below],
  },
  {
    title: 'copying from itself',
    marked: 'FROM busybox:local AS self\nCOPY «--from=self» /etc /x\n',
    messages: ['A stage cannot read from itself: `self` is the stage of this line.'],
  },
  {
    title: 'a stage that is not built may read from one below',
    marked: 'FROM busybox:local AS a\nCOPY --from=later /etc /x\nFROM busybox:local AS later\nFROM busybox:local\n',
    messages: [],
  },
];
