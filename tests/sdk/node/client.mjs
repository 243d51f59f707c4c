// The SDK's client, pointed at one address with one API key, and what each generation tells and does.
// It changes neither requests nor answers.

const USER_FIELDS = [
  'object', 'id', 'email', 'emailVerified', 'firstName', 'lastName', 'profilePictureUrl', 'lastSignInAt',
  'locale', 'createdAt', 'updatedAt', 'externalId', 'metadata',
];

const EXCEPTIONS = {
  400: 'BadRequestException',
  401: 'UnauthorizedException',
  403: 'GenericServerException',
  404: 'NotFoundException',
  422: 'UnprocessableEntityException',
};

const FIRST = {
  userFields: USER_FIELDS,
  exceptions: EXCEPTIONS,
  tellsRequestId: false,
  tellsCodeOf403: false,
  /** Whether a lost request is sent again, under one Idempotency-Key. */
  retries: false,
};

const GENERATIONS = {
  7: FIRST,
  8: FIRST,
  11: {
    ...FIRST,
    userFields: [...USER_FIELDS, 'name'],
    tellsRequestId: true,
    tellsCodeOf403: true,
    retries: true,
  },
};

export const RESET_FIELDS = [
  'object', 'id', 'userId', 'email', 'passwordResetToken', 'passwordResetUrl', 'expiresAt', 'createdAt',
];

let serial = 0;

export class Client {
  constructor(sdk, version, baseUrl, apiKey) {
    const { hostname: apiHostname, port } = new URL(baseUrl);
    this.sdk = sdk;
    this.version = version;
    this.baseUrl = baseUrl;
    this.apiKey = apiKey;
    this.label = `node ${version}`;
    this.generation = GENERATIONS[Number.parseInt(version, 10)];
    const workos = new sdk.WorkOS(apiKey, { apiHostname, https: false, port: Number(port) });
    this.users = workos.userManagement;
    this.events = workos.events;
  }

  /** The same client with another address or key. */
  at({ baseUrl = this.baseUrl, apiKey = this.apiKey }) {
    return new Client(this.sdk, this.version, baseUrl, apiKey);
  }

  /** An e-mail address that no other test uses. */
  address() {
    serial += 1;
    return `ada-${serial}@${this.label.replaceAll(/[ .]/g, '-')}.example.com`;
  }
}
