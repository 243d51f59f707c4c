'use strict';

// The signatures of the installed package, as its index.d.ts declares them.
const { readFileSync } = require('node:fs');
const ts = require('typescript');

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function signatures() {
  const path = require.resolve('reset-password').replace(/\.js$/, '.d.ts');
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  const written = (node) => node.getText(source);
  const declared = new Map(
    source.statements.filter((node) => node.name).map((node) => [node.name.text, node]),
  );

  const one = (node) => ({
    name: written(node.name),
    required: node.questionToken === undefined,
    type: written(node.type),
  });

  const parameter = (node) => {
    const options = declared.get(written(node.type));
    if (options === undefined) return one(node);
    return { ...one(node), properties: options.members.map(one) };
  };

  const { members } = declared.get('UserManagement');
  const methods = members.filter((member) => ts.isMethodDeclaration(member) && ts.isIdentifier(member.name));
  return Object.fromEntries(
    methods.map((method) => {
      const returns = /^Promise<(.*)>$/.exec(written(method.type))[1];
      const name = snake(written(method.name));
      return [name, { parameters: method.parameters.map(parameter), returns }];
    }),
  );
}

module.exports = { signatures };
