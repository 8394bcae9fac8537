/**
 * Public half of the RSA key that pins the extension's id in Chromium browsers (manifest `key`), base64 of its DER
 * form. The private half was never kept: it would only matter for signing, which the browser stores do themselves.
 */
export const CHROME_EXTENSION_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuFJsVWr/7zp4mvaPS8iZrhaug8ogqFMRR91LCdtcs0kbq/YNkkUokvNEKyvzi4iUrVYqY0RUKeFIZxoeloU0YZ6BwnHrndKruBKabVn6RP+yUS8m6KMqGHgVX3P6M1L6FVN9yMIwNhJQqgc8ychk7gLBWDcjjTwbW1RsvkfshT1KkZFoaBiECzKlPrLTmeUkghhnu08AUe8ohYKv4G7UiwElCRy1uoFKn5arWLi7sFD7f5aLGsO7qjG1WKKqqzdz8fWkts8c3uFVVlHfYcn1ExjxYOpd6nYvEyju0nzuNp7iU1P8TypbMtUhifKistYAvINVK1LzG3a9elc7pvfGGQIDAQAB';

/** The id Chromium derives from {@link CHROME_EXTENSION_KEY}: native messaging manifests and Origin checks name it. */
export const CHROME_EXTENSION_ID = 'aaelekdallhfiejiojnidemcfbilgfeh';

/** `browser_specific_settings.gecko.id`. A Firefox page's origin is a random UUID instead, per installation. */
export const FIREFOX_EXTENSION_ID = 'vitrine@vitrine.dev';
