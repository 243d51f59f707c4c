import { story } from './story.mjs';

story().then((told) => console.log(JSON.stringify(told)));
