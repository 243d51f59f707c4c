import { story } from '../../story.mjs';

export async function POST() {
  return Response.json(await story());
}
