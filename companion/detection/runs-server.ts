/** Programs that run servers. What else runs beside a frontend watches styles, or generates code. */
const RUNS_SERVER =
  /^(?:cd\s+\S+\s*&&\s*)?(?:(?:cross-env|env)\s+)?(?:[A-Z_][A-Z0-9_]*=\S*\s+)*(?:dotenv\s+.*?--\s+)?(?:(?:npx|pnpm exec|yarn|bunx|uv run|poetry run|pipenv run)\s+)?(?:node|nodemon|node-dev|tsx|ts-node|ts-node-dev|tsnd|esno|jiti|babel-node|vite-node|bun|deno|nest|json-server|python3?|flask|uvicorn|gunicorn|hypercorn|fastapi|go run|air|cargo run|php|ruby|rails|bin\/rails|rackup|puma|dotnet|java|mvn|gradle|\.\/mvnw|\.\/gradlew)\b/;
const IS_CHORE = /\b(?:scripts|tools)\/|\b(?:build|codegen|generate|tailwind\w*|sass|postcss|esbuild|tsc)\b/;

/** Whether a command that is started beside a frontend runs a server. */
export const runsServer = (command: string): boolean => RUNS_SERVER.test(command) && !IS_CHORE.test(command);
