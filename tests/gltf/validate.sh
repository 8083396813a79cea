#!/bin/sh
# validate.sh FOLDER WORK: the Khronos glTF validator (npm package gltf-validator) on the three levels of a built leg.
# Fails on any error or warning. Exit 77 (skipped) where npm, or the package, cannot be had.
set -u
folder=$1
work=$2
command -v node >/dev/null && command -v npm >/dev/null || { echo "skipped: npm is not installed"; exit 77; }
mkdir -p "$work"
if [ ! -d "$work/node_modules/gltf-validator" ]; then
  npm install --silent --no-audit --no-fund --prefix "$work" gltf-validator >"$work/npm.log" 2>&1 ||
    { echo "skipped: npm cannot install gltf-validator (see $work/npm.log)"; exit 77; }
fi
cat >"$work/validate.js" <<'JS'
const fs = require('fs');
const validator = require('gltf-validator');
(async () => {
  let faults = 0;
  for (const file of process.argv.slice(2)) {
    const report = await validator.validateBytes(new Uint8Array(fs.readFileSync(file)), { maxIssues: 0, ignoredIssues: ['UNUSED_OBJECT'] });
    const { numErrors, numWarnings, numInfos } = report.issues;
    console.log(`${file}: ${numErrors} errors, ${numWarnings} warnings, ${numInfos} remarks, ` +
                `${report.info ? report.info.totalTriangleCount : 0} triangles`);
    for (const issue of report.issues.messages)
      if (issue.severity < 2) console.log(`  ${issue.code} ${issue.pointer}: ${issue.message}`);
    faults += numErrors + numWarnings;
  }
  process.exit(faults ? 1 : 0);
})();
JS
cd "$work" && node validate.js "$folder/leg.glb" "$folder/leg-middle.glb" "$folder/leg-low.glb"
