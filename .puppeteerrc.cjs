/** The browsers come from the system (see e2e/setup); puppeteer must not download its own. */
module.exports = { skipDownload: true };
