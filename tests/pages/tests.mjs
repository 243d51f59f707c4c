// Tests, one after the other, and their count.
const results = { passed: 0, failed: 0 };

export async function test(name, prove) {
  const began = performance.now();
  try {
    await prove();
    results.passed += 1;
    console.log(`ok     ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    results.failed += 1;
    console.log(`FAILED ${name}\n${error.stack}`);
  }
}

export function end() {
  const { passed, failed } = results;
  console.log(`test result: ${failed ? 'FAILED' : 'ok'}. ${passed} passed; ${failed} failed; 0 ignored;`);
  process.exit(failed ? 1 : 0);
}
