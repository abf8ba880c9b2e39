"""Types of the events on the bus, made by `npm run docs` from the JSON Schemas. Do not edit.

What a consumer receives is EventBridge's event; its `detail` is one of the last classes here.
"""

from typing import Any, Literal, NotRequired, TypedDict


class SessionStatusDataHistory(TypedDict):
    status: NotRequired[Literal["STOPPED", "STARTING", "SCAN_QR_CODE", "PASSKEY_REQUIRED", "PASSKEY_CONFIRMATION_REQUIRED", "WORKING", "FAILED", "UNKNOWN"]]
    at: NotRequired[str]


class SessionStatusDataPasskeyAllowCredentials(TypedDict):
    id: NotRequired[str]
    type: NotRequired[str]
    transports: NotRequired[list[str]]


class SessionStatusDataPasskey(TypedDict):
    code: NotRequired[str]
    challenge: NotRequired[str]
    timeout: NotRequired[int]
    relyingParty: NotRequired[str]
    allowCredentials: NotRequired[list[SessionStatusDataPasskeyAllowCredentials]]
    userVerification: NotRequired[str]


class SessionStatusDataRestriction(TypedDict):
    active: bool
    type: NotRequired[str]
    until: NotRequired[str]


SessionStatusDataQuota = TypedDict(
    "SessionStatusDataQuota",
    {
        "status": str,
        "used": NotRequired[int],
        "total": NotRequired[int],
        "from": NotRequired[str],
        "until": NotRequired[str],
    },
)


class SessionStatusData(TypedDict):
    status: NotRequired[Literal["STOPPED", "STARTING", "SCAN_QR_CODE", "PASSKEY_REQUIRED", "PASSKEY_CONFIRMATION_REQUIRED", "WORKING", "FAILED", "UNKNOWN"]]
    history: NotRequired[list[SessionStatusDataHistory]]
    changedAt: NotRequired[str]
    passkey: NotRequired[SessionStatusDataPasskey]
    restriction: NotRequired[SessionStatusDataRestriction]
    quota: NotRequired[SessionStatusDataQuota]


class MetaAccount(TypedDict):
    id: str
    phone: NotRequired[str]
    lid: NotRequired[str]


class Meta(TypedDict):
    id: str
    version: Literal["1"]
    category: str
    type: str
    session: NotRequired[str]
    sender: Literal["waha", "wawp"]
    engine: NotRequired[str]
    senderVersion: NotRequired[str]
    senderEventId: NotRequired[str]
    occurredAt: str
    receivedAt: str
    chat: NotRequired[str]
    fromMe: NotRequired[bool]
    account: NotRequired[MetaAccount]
    tags: NotRequired[dict[str, Any]]
    requestId: str
    traceparent: NotRequired[str]
    duplicateOf: NotRequired[str]
    conflict: NotRequired[Literal[True]]
    deduplication: NotRequired[Literal["unavailable"]]
    identities: NotRequired[Literal["unavailable"]]
    hops: NotRequired[int]
    replay: NotRequired[str]


class StateChangeData(TypedDict):
    connection: NotRequired[str]
    qr: NotRequired[bool]
    newLogin: NotRequired[bool]


class Address(TypedDict):
    kind: Literal["user", "group", "channel", "broadcast", "status", "bot", "other"]
    id: str
    phone: NotRequired[str]
    lid: NotRequired[str]


class MessageId(TypedDict):
    id: str
    fromMe: NotRequired[bool]
    chat: NotRequired[str]
    participant: NotRequired[str]
    serialized: NotRequired[str]


class MessageDataChoice(TypedDict):
    by: Literal["button", "list", "template", "flow"]
    id: NotRequired[str]
    title: NotRequired[str]
    description: NotRequired[str]
    parameters: NotRequired[dict[str, Any]]


class MessageDataPoll(TypedDict):
    question: NotRequired[str]
    options: list[str]
    selectable: int


class MessageDataOrderTotal(TypedDict):
    amount: str
    currency: str


class MessageDataOrder(TypedDict):
    id: NotRequired[str]
    title: NotRequired[str]
    itemCount: NotRequired[int]
    total: NotRequired[MessageDataOrderTotal]
    token: NotRequired[str]


class MessageDataProductPrice(TypedDict):
    amount: str
    currency: str


class MessageDataProduct(TypedDict):
    id: NotRequired[str]
    title: NotRequired[str]
    description: NotRequired[str]
    price: NotRequired[MessageDataProductPrice]
    retailerId: NotRequired[str]
    seller: NotRequired[Address]


class MessageDataInteractiveButtons(TypedDict):
    type: str
    title: NotRequired[str]
    id: NotRequired[str]
    value: NotRequired[str]


class MessageDataInteractive(TypedDict):
    header: NotRequired[str]
    footer: NotRequired[str]
    buttons: list[MessageDataInteractiveButtons]


class MessageDataAlbum(TypedDict):
    images: int
    videos: int


class MessageDataContacts(TypedDict):
    name: NotRequired[str]
    phones: list[str]
    organization: NotRequired[str]


class MessageDataGroupInvite(TypedDict):
    group: NotRequired[Address]
    name: NotRequired[str]
    code: NotRequired[str]
    expiresAt: NotRequired[str]


class MessageDataPin(TypedDict):
    target: NotRequired[str]
    pinned: bool


class MessageDataSystem(TypedDict):
    notice: str
    expiresAfterSeconds: NotRequired[int]


class MessageDataMediaS3(TypedDict):
    bucket: NotRequired[str]
    key: NotRequired[str]


class MessageDataMedia(TypedDict):
    available: bool
    url: NotRequired[str]
    mimetype: NotRequired[str]
    filename: NotRequired[str]
    s3: NotRequired[MessageDataMediaS3]
    bytes: NotRequired[int]
    seconds: NotRequired[int]
    width: NotRequired[int]
    height: NotRequired[int]
    pages: NotRequired[int]
    animated: NotRequired[bool]
    error: NotRequired[str]


class MessageDataLocation(TypedDict):
    latitude: NotRequired[float]
    longitude: NotRequired[float]
    live: NotRequired[bool]
    name: NotRequired[str]
    address: NotRequired[str]
    url: NotRequired[str]
    description: NotRequired[str]


class MessageDataForwarded(TypedDict):
    count: NotRequired[int]
    frequently: bool


class MessageDataReferral(TypedDict):
    source: str
    sourceId: NotRequired[str]
    url: NotRequired[str]
    headline: NotRequired[str]
    text: NotRequired[str]
    clickId: NotRequired[str]
    app: NotRequired[str]
    entryPoint: NotRequired[str]


class MessageDataReplyToMediaS3(TypedDict):
    bucket: NotRequired[str]
    key: NotRequired[str]


class MessageDataReplyToMedia(TypedDict):
    available: bool
    url: NotRequired[str]
    mimetype: NotRequired[str]
    filename: NotRequired[str]
    s3: NotRequired[MessageDataReplyToMediaS3]
    bytes: NotRequired[int]
    seconds: NotRequired[int]
    width: NotRequired[int]
    height: NotRequired[int]
    pages: NotRequired[int]
    animated: NotRequired[bool]
    error: NotRequired[str]


class MessageDataReplyTo(TypedDict):
    messageId: NotRequired[str]
    author: NotRequired[Address]
    chat: NotRequired[Address]
    body: NotRequired[str]
    hasMedia: NotRequired[bool]
    media: NotRequired[MessageDataReplyToMedia]


class MessageDataAck(TypedDict):
    level: NotRequired[int]
    name: Literal["error", "pending", "server", "device", "read", "played", "unknown"]


class MessageData(TypedDict):
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    author: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    sentAt: NotRequired[str]
    authorName: NotRequired[str]
    source: NotRequired[Literal["api", "app"]]
    content: Literal["text", "image", "video", "audio", "voice", "sticker", "document", "location", "live-location", "contacts", "poll", "event", "choice", "interactive", "order", "product", "album", "group-invite", "pin", "system", "unavailable", "other"]
    choice: NotRequired[MessageDataChoice]
    poll: NotRequired[MessageDataPoll]
    order: NotRequired[MessageDataOrder]
    product: NotRequired[MessageDataProduct]
    interactive: NotRequired[MessageDataInteractive]
    album: NotRequired[MessageDataAlbum]
    albumId: NotRequired[str]
    contacts: NotRequired[list[MessageDataContacts]]
    groupInvite: NotRequired[MessageDataGroupInvite]
    pin: NotRequired[MessageDataPin]
    system: NotRequired[MessageDataSystem]
    unavailable: NotRequired[Literal["view-once", "undecryptable", "undecryptable-edit", "unsupported"]]
    target: NotRequired[str]
    body: NotRequired[str]
    hasMedia: NotRequired[bool]
    media: NotRequired[MessageDataMedia]
    location: NotRequired[MessageDataLocation]
    vcards: NotRequired[list[str]]
    mentions: NotRequired[list[Address]]
    mentionsMe: NotRequired[bool]
    forwarded: NotRequired[MessageDataForwarded]
    expiresAfterSeconds: NotRequired[int]
    viewOnce: NotRequired[Literal[True]]
    referral: NotRequired[MessageDataReferral]
    replyTo: NotRequired[MessageDataReplyTo]
    ack: NotRequired[MessageDataAck]


class MessageAnyDataChoice(TypedDict):
    by: Literal["button", "list", "template", "flow"]
    id: NotRequired[str]
    title: NotRequired[str]
    description: NotRequired[str]
    parameters: NotRequired[dict[str, Any]]


class MessageAnyDataPoll(TypedDict):
    question: NotRequired[str]
    options: list[str]
    selectable: int


class MessageAnyDataOrderTotal(TypedDict):
    amount: str
    currency: str


class MessageAnyDataOrder(TypedDict):
    id: NotRequired[str]
    title: NotRequired[str]
    itemCount: NotRequired[int]
    total: NotRequired[MessageAnyDataOrderTotal]
    token: NotRequired[str]


class MessageAnyDataProductPrice(TypedDict):
    amount: str
    currency: str


class MessageAnyDataProduct(TypedDict):
    id: NotRequired[str]
    title: NotRequired[str]
    description: NotRequired[str]
    price: NotRequired[MessageAnyDataProductPrice]
    retailerId: NotRequired[str]
    seller: NotRequired[Address]


class MessageAnyDataInteractiveButtons(TypedDict):
    type: str
    title: NotRequired[str]
    id: NotRequired[str]
    value: NotRequired[str]


class MessageAnyDataInteractive(TypedDict):
    header: NotRequired[str]
    footer: NotRequired[str]
    buttons: list[MessageAnyDataInteractiveButtons]


class MessageAnyDataAlbum(TypedDict):
    images: int
    videos: int


class MessageAnyDataContacts(TypedDict):
    name: NotRequired[str]
    phones: list[str]
    organization: NotRequired[str]


class MessageAnyDataGroupInvite(TypedDict):
    group: NotRequired[Address]
    name: NotRequired[str]
    code: NotRequired[str]
    expiresAt: NotRequired[str]


class MessageAnyDataPin(TypedDict):
    target: NotRequired[str]
    pinned: bool


class MessageAnyDataSystem(TypedDict):
    notice: str
    expiresAfterSeconds: NotRequired[int]


class MessageAnyDataMediaS3(TypedDict):
    bucket: NotRequired[str]
    key: NotRequired[str]


class MessageAnyDataMedia(TypedDict):
    available: bool
    url: NotRequired[str]
    mimetype: NotRequired[str]
    filename: NotRequired[str]
    s3: NotRequired[MessageAnyDataMediaS3]
    bytes: NotRequired[int]
    seconds: NotRequired[int]
    width: NotRequired[int]
    height: NotRequired[int]
    pages: NotRequired[int]
    animated: NotRequired[bool]
    error: NotRequired[str]


class MessageAnyDataLocation(TypedDict):
    latitude: NotRequired[float]
    longitude: NotRequired[float]
    live: NotRequired[bool]
    name: NotRequired[str]
    address: NotRequired[str]
    url: NotRequired[str]
    description: NotRequired[str]


class MessageAnyDataForwarded(TypedDict):
    count: NotRequired[int]
    frequently: bool


class MessageAnyDataReferral(TypedDict):
    source: str
    sourceId: NotRequired[str]
    url: NotRequired[str]
    headline: NotRequired[str]
    text: NotRequired[str]
    clickId: NotRequired[str]
    app: NotRequired[str]
    entryPoint: NotRequired[str]


class MessageAnyDataReplyToMediaS3(TypedDict):
    bucket: NotRequired[str]
    key: NotRequired[str]


class MessageAnyDataReplyToMedia(TypedDict):
    available: bool
    url: NotRequired[str]
    mimetype: NotRequired[str]
    filename: NotRequired[str]
    s3: NotRequired[MessageAnyDataReplyToMediaS3]
    bytes: NotRequired[int]
    seconds: NotRequired[int]
    width: NotRequired[int]
    height: NotRequired[int]
    pages: NotRequired[int]
    animated: NotRequired[bool]
    error: NotRequired[str]


class MessageAnyDataReplyTo(TypedDict):
    messageId: NotRequired[str]
    author: NotRequired[Address]
    chat: NotRequired[Address]
    body: NotRequired[str]
    hasMedia: NotRequired[bool]
    media: NotRequired[MessageAnyDataReplyToMedia]


class MessageAnyDataAck(TypedDict):
    level: NotRequired[int]
    name: Literal["error", "pending", "server", "device", "read", "played", "unknown"]


class MessageAnyData(TypedDict):
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    author: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    sentAt: NotRequired[str]
    authorName: NotRequired[str]
    source: NotRequired[Literal["api", "app"]]
    content: Literal["text", "image", "video", "audio", "voice", "sticker", "document", "location", "live-location", "contacts", "poll", "event", "choice", "interactive", "order", "product", "album", "group-invite", "pin", "system", "unavailable", "other"]
    choice: NotRequired[MessageAnyDataChoice]
    poll: NotRequired[MessageAnyDataPoll]
    order: NotRequired[MessageAnyDataOrder]
    product: NotRequired[MessageAnyDataProduct]
    interactive: NotRequired[MessageAnyDataInteractive]
    album: NotRequired[MessageAnyDataAlbum]
    albumId: NotRequired[str]
    contacts: NotRequired[list[MessageAnyDataContacts]]
    groupInvite: NotRequired[MessageAnyDataGroupInvite]
    pin: NotRequired[MessageAnyDataPin]
    system: NotRequired[MessageAnyDataSystem]
    unavailable: NotRequired[Literal["view-once", "undecryptable", "undecryptable-edit", "unsupported"]]
    target: NotRequired[str]
    body: NotRequired[str]
    hasMedia: NotRequired[bool]
    media: NotRequired[MessageAnyDataMedia]
    location: NotRequired[MessageAnyDataLocation]
    vcards: NotRequired[list[str]]
    mentions: NotRequired[list[Address]]
    mentionsMe: NotRequired[bool]
    forwarded: NotRequired[MessageAnyDataForwarded]
    expiresAfterSeconds: NotRequired[int]
    viewOnce: NotRequired[Literal[True]]
    referral: NotRequired[MessageAnyDataReferral]
    replyTo: NotRequired[MessageAnyDataReplyTo]
    ack: NotRequired[MessageAnyDataAck]


class MessageWaitingDataChoice(TypedDict):
    by: Literal["button", "list", "template", "flow"]
    id: NotRequired[str]
    title: NotRequired[str]
    description: NotRequired[str]
    parameters: NotRequired[dict[str, Any]]


class MessageWaitingDataPoll(TypedDict):
    question: NotRequired[str]
    options: list[str]
    selectable: int


class MessageWaitingDataOrderTotal(TypedDict):
    amount: str
    currency: str


class MessageWaitingDataOrder(TypedDict):
    id: NotRequired[str]
    title: NotRequired[str]
    itemCount: NotRequired[int]
    total: NotRequired[MessageWaitingDataOrderTotal]
    token: NotRequired[str]


class MessageWaitingDataProductPrice(TypedDict):
    amount: str
    currency: str


class MessageWaitingDataProduct(TypedDict):
    id: NotRequired[str]
    title: NotRequired[str]
    description: NotRequired[str]
    price: NotRequired[MessageWaitingDataProductPrice]
    retailerId: NotRequired[str]
    seller: NotRequired[Address]


class MessageWaitingDataInteractiveButtons(TypedDict):
    type: str
    title: NotRequired[str]
    id: NotRequired[str]
    value: NotRequired[str]


class MessageWaitingDataInteractive(TypedDict):
    header: NotRequired[str]
    footer: NotRequired[str]
    buttons: list[MessageWaitingDataInteractiveButtons]


class MessageWaitingDataAlbum(TypedDict):
    images: int
    videos: int


class MessageWaitingDataContacts(TypedDict):
    name: NotRequired[str]
    phones: list[str]
    organization: NotRequired[str]


class MessageWaitingDataGroupInvite(TypedDict):
    group: NotRequired[Address]
    name: NotRequired[str]
    code: NotRequired[str]
    expiresAt: NotRequired[str]


class MessageWaitingDataPin(TypedDict):
    target: NotRequired[str]
    pinned: bool


class MessageWaitingDataSystem(TypedDict):
    notice: str
    expiresAfterSeconds: NotRequired[int]


class MessageWaitingDataMediaS3(TypedDict):
    bucket: NotRequired[str]
    key: NotRequired[str]


class MessageWaitingDataMedia(TypedDict):
    available: bool
    url: NotRequired[str]
    mimetype: NotRequired[str]
    filename: NotRequired[str]
    s3: NotRequired[MessageWaitingDataMediaS3]
    bytes: NotRequired[int]
    seconds: NotRequired[int]
    width: NotRequired[int]
    height: NotRequired[int]
    pages: NotRequired[int]
    animated: NotRequired[bool]
    error: NotRequired[str]


class MessageWaitingDataLocation(TypedDict):
    latitude: NotRequired[float]
    longitude: NotRequired[float]
    live: NotRequired[bool]
    name: NotRequired[str]
    address: NotRequired[str]
    url: NotRequired[str]
    description: NotRequired[str]


class MessageWaitingDataForwarded(TypedDict):
    count: NotRequired[int]
    frequently: bool


class MessageWaitingDataReferral(TypedDict):
    source: str
    sourceId: NotRequired[str]
    url: NotRequired[str]
    headline: NotRequired[str]
    text: NotRequired[str]
    clickId: NotRequired[str]
    app: NotRequired[str]
    entryPoint: NotRequired[str]


class MessageWaitingDataReplyToMediaS3(TypedDict):
    bucket: NotRequired[str]
    key: NotRequired[str]


class MessageWaitingDataReplyToMedia(TypedDict):
    available: bool
    url: NotRequired[str]
    mimetype: NotRequired[str]
    filename: NotRequired[str]
    s3: NotRequired[MessageWaitingDataReplyToMediaS3]
    bytes: NotRequired[int]
    seconds: NotRequired[int]
    width: NotRequired[int]
    height: NotRequired[int]
    pages: NotRequired[int]
    animated: NotRequired[bool]
    error: NotRequired[str]


class MessageWaitingDataReplyTo(TypedDict):
    messageId: NotRequired[str]
    author: NotRequired[Address]
    chat: NotRequired[Address]
    body: NotRequired[str]
    hasMedia: NotRequired[bool]
    media: NotRequired[MessageWaitingDataReplyToMedia]


class MessageWaitingDataAck(TypedDict):
    level: NotRequired[int]
    name: Literal["error", "pending", "server", "device", "read", "played", "unknown"]


class MessageWaitingData(TypedDict):
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    author: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    sentAt: NotRequired[str]
    authorName: NotRequired[str]
    source: NotRequired[Literal["api", "app"]]
    content: Literal["text", "image", "video", "audio", "voice", "sticker", "document", "location", "live-location", "contacts", "poll", "event", "choice", "interactive", "order", "product", "album", "group-invite", "pin", "system", "unavailable", "other"]
    choice: NotRequired[MessageWaitingDataChoice]
    poll: NotRequired[MessageWaitingDataPoll]
    order: NotRequired[MessageWaitingDataOrder]
    product: NotRequired[MessageWaitingDataProduct]
    interactive: NotRequired[MessageWaitingDataInteractive]
    album: NotRequired[MessageWaitingDataAlbum]
    albumId: NotRequired[str]
    contacts: NotRequired[list[MessageWaitingDataContacts]]
    groupInvite: NotRequired[MessageWaitingDataGroupInvite]
    pin: NotRequired[MessageWaitingDataPin]
    system: NotRequired[MessageWaitingDataSystem]
    unavailable: NotRequired[Literal["view-once", "undecryptable", "undecryptable-edit", "unsupported"]]
    target: NotRequired[str]
    body: NotRequired[str]
    hasMedia: NotRequired[bool]
    media: NotRequired[MessageWaitingDataMedia]
    location: NotRequired[MessageWaitingDataLocation]
    vcards: NotRequired[list[str]]
    mentions: NotRequired[list[Address]]
    mentionsMe: NotRequired[bool]
    forwarded: NotRequired[MessageWaitingDataForwarded]
    expiresAfterSeconds: NotRequired[int]
    viewOnce: NotRequired[Literal[True]]
    referral: NotRequired[MessageWaitingDataReferral]
    replyTo: NotRequired[MessageWaitingDataReplyTo]
    ack: NotRequired[MessageWaitingDataAck]


class MessageReactionData(TypedDict):
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    author: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    target: NotRequired[MessageId]
    emoji: NotRequired[str]
    removed: NotRequired[bool]
    reactedAt: NotRequired[str]
    source: NotRequired[Literal["api", "app"]]


class MessageAckDataAckError(TypedDict):
    code: NotRequired[str]
    reason: NotRequired[str]
    until: NotRequired[str]


class MessageAckDataAck(TypedDict):
    level: NotRequired[int]
    name: Literal["error", "pending", "server", "device", "read", "played", "unknown"]
    error: NotRequired[MessageAckDataAckError]


class MessageAckData(TypedDict):
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    recipient: NotRequired[Address]
    ack: NotRequired[MessageAckDataAck]
    at: NotRequired[str]


class MessageAckGroupDataAckError(TypedDict):
    code: NotRequired[str]
    reason: NotRequired[str]
    until: NotRequired[str]


class MessageAckGroupDataAck(TypedDict):
    level: NotRequired[int]
    name: Literal["error", "pending", "server", "device", "read", "played", "unknown"]
    error: NotRequired[MessageAckGroupDataAckError]


class MessageAckGroupData(TypedDict):
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    recipient: NotRequired[Address]
    ack: NotRequired[MessageAckGroupDataAck]
    at: NotRequired[str]


class MessageRevokedDataPreviousChoice(TypedDict):
    by: Literal["button", "list", "template", "flow"]
    id: NotRequired[str]
    title: NotRequired[str]
    description: NotRequired[str]
    parameters: NotRequired[dict[str, Any]]


class MessageRevokedDataPreviousPoll(TypedDict):
    question: NotRequired[str]
    options: list[str]
    selectable: int


class MessageRevokedDataPreviousOrderTotal(TypedDict):
    amount: str
    currency: str


class MessageRevokedDataPreviousOrder(TypedDict):
    id: NotRequired[str]
    title: NotRequired[str]
    itemCount: NotRequired[int]
    total: NotRequired[MessageRevokedDataPreviousOrderTotal]
    token: NotRequired[str]


class MessageRevokedDataPreviousProductPrice(TypedDict):
    amount: str
    currency: str


class MessageRevokedDataPreviousProduct(TypedDict):
    id: NotRequired[str]
    title: NotRequired[str]
    description: NotRequired[str]
    price: NotRequired[MessageRevokedDataPreviousProductPrice]
    retailerId: NotRequired[str]
    seller: NotRequired[Address]


class MessageRevokedDataPreviousInteractiveButtons(TypedDict):
    type: str
    title: NotRequired[str]
    id: NotRequired[str]
    value: NotRequired[str]


class MessageRevokedDataPreviousInteractive(TypedDict):
    header: NotRequired[str]
    footer: NotRequired[str]
    buttons: list[MessageRevokedDataPreviousInteractiveButtons]


class MessageRevokedDataPreviousAlbum(TypedDict):
    images: int
    videos: int


class MessageRevokedDataPreviousContacts(TypedDict):
    name: NotRequired[str]
    phones: list[str]
    organization: NotRequired[str]


class MessageRevokedDataPreviousGroupInvite(TypedDict):
    group: NotRequired[Address]
    name: NotRequired[str]
    code: NotRequired[str]
    expiresAt: NotRequired[str]


class MessageRevokedDataPreviousPin(TypedDict):
    target: NotRequired[str]
    pinned: bool


class MessageRevokedDataPreviousSystem(TypedDict):
    notice: str
    expiresAfterSeconds: NotRequired[int]


class MessageRevokedDataPreviousMediaS3(TypedDict):
    bucket: NotRequired[str]
    key: NotRequired[str]


class MessageRevokedDataPreviousMedia(TypedDict):
    available: bool
    url: NotRequired[str]
    mimetype: NotRequired[str]
    filename: NotRequired[str]
    s3: NotRequired[MessageRevokedDataPreviousMediaS3]
    bytes: NotRequired[int]
    seconds: NotRequired[int]
    width: NotRequired[int]
    height: NotRequired[int]
    pages: NotRequired[int]
    animated: NotRequired[bool]
    error: NotRequired[str]


class MessageRevokedDataPreviousLocation(TypedDict):
    latitude: NotRequired[float]
    longitude: NotRequired[float]
    live: NotRequired[bool]
    name: NotRequired[str]
    address: NotRequired[str]
    url: NotRequired[str]
    description: NotRequired[str]


class MessageRevokedDataPreviousForwarded(TypedDict):
    count: NotRequired[int]
    frequently: bool


class MessageRevokedDataPreviousReferral(TypedDict):
    source: str
    sourceId: NotRequired[str]
    url: NotRequired[str]
    headline: NotRequired[str]
    text: NotRequired[str]
    clickId: NotRequired[str]
    app: NotRequired[str]
    entryPoint: NotRequired[str]


class MessageRevokedDataPreviousReplyToMediaS3(TypedDict):
    bucket: NotRequired[str]
    key: NotRequired[str]


class MessageRevokedDataPreviousReplyToMedia(TypedDict):
    available: bool
    url: NotRequired[str]
    mimetype: NotRequired[str]
    filename: NotRequired[str]
    s3: NotRequired[MessageRevokedDataPreviousReplyToMediaS3]
    bytes: NotRequired[int]
    seconds: NotRequired[int]
    width: NotRequired[int]
    height: NotRequired[int]
    pages: NotRequired[int]
    animated: NotRequired[bool]
    error: NotRequired[str]


class MessageRevokedDataPreviousReplyTo(TypedDict):
    messageId: NotRequired[str]
    author: NotRequired[Address]
    chat: NotRequired[Address]
    body: NotRequired[str]
    hasMedia: NotRequired[bool]
    media: NotRequired[MessageRevokedDataPreviousReplyToMedia]


class MessageRevokedDataPreviousAck(TypedDict):
    level: NotRequired[int]
    name: Literal["error", "pending", "server", "device", "read", "played", "unknown"]


class MessageRevokedDataPrevious(TypedDict):
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    author: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    sentAt: NotRequired[str]
    authorName: NotRequired[str]
    source: NotRequired[Literal["api", "app"]]
    content: Literal["text", "image", "video", "audio", "voice", "sticker", "document", "location", "live-location", "contacts", "poll", "event", "choice", "interactive", "order", "product", "album", "group-invite", "pin", "system", "unavailable", "other"]
    choice: NotRequired[MessageRevokedDataPreviousChoice]
    poll: NotRequired[MessageRevokedDataPreviousPoll]
    order: NotRequired[MessageRevokedDataPreviousOrder]
    product: NotRequired[MessageRevokedDataPreviousProduct]
    interactive: NotRequired[MessageRevokedDataPreviousInteractive]
    album: NotRequired[MessageRevokedDataPreviousAlbum]
    albumId: NotRequired[str]
    contacts: NotRequired[list[MessageRevokedDataPreviousContacts]]
    groupInvite: NotRequired[MessageRevokedDataPreviousGroupInvite]
    pin: NotRequired[MessageRevokedDataPreviousPin]
    system: NotRequired[MessageRevokedDataPreviousSystem]
    unavailable: NotRequired[Literal["view-once", "undecryptable", "undecryptable-edit", "unsupported"]]
    target: NotRequired[str]
    body: NotRequired[str]
    hasMedia: NotRequired[bool]
    media: NotRequired[MessageRevokedDataPreviousMedia]
    location: NotRequired[MessageRevokedDataPreviousLocation]
    vcards: NotRequired[list[str]]
    mentions: NotRequired[list[Address]]
    mentionsMe: NotRequired[bool]
    forwarded: NotRequired[MessageRevokedDataPreviousForwarded]
    expiresAfterSeconds: NotRequired[int]
    viewOnce: NotRequired[Literal[True]]
    referral: NotRequired[MessageRevokedDataPreviousReferral]
    replyTo: NotRequired[MessageRevokedDataPreviousReplyTo]
    ack: NotRequired[MessageRevokedDataPreviousAck]


class MessageRevokedData(TypedDict):
    revokedMessageId: NotRequired[str]
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    revokedBy: NotRequired[Address]
    revokedAt: NotRequired[str]
    previous: NotRequired[MessageRevokedDataPrevious]


class MessageEditedData(TypedDict):
    editedMessageId: NotRequired[str]
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    author: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    body: NotRequired[str]
    unavailable: NotRequired[Literal["undecryptable-edit"]]
    target: NotRequired[str]
    mentions: NotRequired[list[Address]]
    mentionsMe: NotRequired[bool]
    previousBody: NotRequired[str]
    editedAt: NotRequired[str]
    source: NotRequired[Literal["api", "app"]]


class GroupV2JoinDataParticipants(TypedDict):
    person: NotRequired[Address]
    role: NotRequired[Literal["participant", "admin", "superadmin", "left"]]


class GroupV2JoinDataGroupMembers(TypedDict):
    person: NotRequired[Address]
    role: NotRequired[Literal["participant", "admin", "superadmin", "left"]]


class GroupV2JoinDataGroup(TypedDict):
    subject: NotRequired[str]
    description: NotRequired[str]
    inviteLink: NotRequired[str]
    membersCanAddMembers: NotRequired[bool]
    membersCanSend: NotRequired[bool]
    membersCanEditInfo: NotRequired[bool]
    approvalRequired: NotRequired[bool]
    expiresAfterSeconds: NotRequired[int]
    community: NotRequired[Address]
    members: NotRequired[list[GroupV2JoinDataGroupMembers]]


class GroupV2JoinData(TypedDict):
    chat: NotRequired[Address]
    action: NotRequired[Literal["join", "leave", "promote", "demote", "renumbered", "update"]]
    self: NotRequired[bool]
    participants: NotRequired[list[GroupV2JoinDataParticipants]]
    method: NotRequired[Literal["added", "invite-link", "community", "approved"]]
    by: NotRequired[Address]
    changedAt: NotRequired[str]
    group: NotRequired[GroupV2JoinDataGroup]


class GroupV2LeaveDataParticipants(TypedDict):
    person: NotRequired[Address]
    role: NotRequired[Literal["participant", "admin", "superadmin", "left"]]


class GroupV2LeaveDataGroupMembers(TypedDict):
    person: NotRequired[Address]
    role: NotRequired[Literal["participant", "admin", "superadmin", "left"]]


class GroupV2LeaveDataGroup(TypedDict):
    subject: NotRequired[str]
    description: NotRequired[str]
    inviteLink: NotRequired[str]
    membersCanAddMembers: NotRequired[bool]
    membersCanSend: NotRequired[bool]
    membersCanEditInfo: NotRequired[bool]
    approvalRequired: NotRequired[bool]
    expiresAfterSeconds: NotRequired[int]
    community: NotRequired[Address]
    members: NotRequired[list[GroupV2LeaveDataGroupMembers]]


class GroupV2LeaveData(TypedDict):
    chat: NotRequired[Address]
    action: NotRequired[Literal["join", "leave", "promote", "demote", "renumbered", "update"]]
    self: NotRequired[bool]
    participants: NotRequired[list[GroupV2LeaveDataParticipants]]
    method: NotRequired[Literal["added", "invite-link", "community", "approved"]]
    by: NotRequired[Address]
    changedAt: NotRequired[str]
    group: NotRequired[GroupV2LeaveDataGroup]


class GroupV2UpdateDataParticipants(TypedDict):
    person: NotRequired[Address]
    role: NotRequired[Literal["participant", "admin", "superadmin", "left"]]


class GroupV2UpdateDataGroupMembers(TypedDict):
    person: NotRequired[Address]
    role: NotRequired[Literal["participant", "admin", "superadmin", "left"]]


class GroupV2UpdateDataGroup(TypedDict):
    subject: NotRequired[str]
    description: NotRequired[str]
    inviteLink: NotRequired[str]
    membersCanAddMembers: NotRequired[bool]
    membersCanSend: NotRequired[bool]
    membersCanEditInfo: NotRequired[bool]
    approvalRequired: NotRequired[bool]
    expiresAfterSeconds: NotRequired[int]
    community: NotRequired[Address]
    members: NotRequired[list[GroupV2UpdateDataGroupMembers]]


class GroupV2UpdateData(TypedDict):
    chat: NotRequired[Address]
    action: NotRequired[Literal["join", "leave", "promote", "demote", "renumbered", "update"]]
    self: NotRequired[bool]
    participants: NotRequired[list[GroupV2UpdateDataParticipants]]
    method: NotRequired[Literal["added", "invite-link", "community", "approved"]]
    by: NotRequired[Address]
    changedAt: NotRequired[str]
    group: NotRequired[GroupV2UpdateDataGroup]


class GroupV2ParticipantsDataParticipants(TypedDict):
    person: NotRequired[Address]
    role: NotRequired[Literal["participant", "admin", "superadmin", "left"]]


class GroupV2ParticipantsDataGroupMembers(TypedDict):
    person: NotRequired[Address]
    role: NotRequired[Literal["participant", "admin", "superadmin", "left"]]


class GroupV2ParticipantsDataGroup(TypedDict):
    subject: NotRequired[str]
    description: NotRequired[str]
    inviteLink: NotRequired[str]
    membersCanAddMembers: NotRequired[bool]
    membersCanSend: NotRequired[bool]
    membersCanEditInfo: NotRequired[bool]
    approvalRequired: NotRequired[bool]
    expiresAfterSeconds: NotRequired[int]
    community: NotRequired[Address]
    members: NotRequired[list[GroupV2ParticipantsDataGroupMembers]]


class GroupV2ParticipantsData(TypedDict):
    chat: NotRequired[Address]
    action: NotRequired[Literal["join", "leave", "promote", "demote", "renumbered", "update"]]
    self: NotRequired[bool]
    participants: NotRequired[list[GroupV2ParticipantsDataParticipants]]
    method: NotRequired[Literal["added", "invite-link", "community", "approved"]]
    by: NotRequired[Address]
    changedAt: NotRequired[str]
    group: NotRequired[GroupV2ParticipantsDataGroup]


class GroupV2ParticipantsJoinRequestData(TypedDict):
    chat: NotRequired[Address]
    action: NotRequired[Literal["created", "rejected", "revoked"]]
    requester: NotRequired[Address]
    method: NotRequired[str]
    changedAt: NotRequired[str]


class GroupJoinDataParticipants(TypedDict):
    person: NotRequired[Address]
    role: NotRequired[Literal["participant", "admin", "superadmin", "left"]]


class GroupJoinDataGroupMembers(TypedDict):
    person: NotRequired[Address]
    role: NotRequired[Literal["participant", "admin", "superadmin", "left"]]


class GroupJoinDataGroup(TypedDict):
    subject: NotRequired[str]
    description: NotRequired[str]
    inviteLink: NotRequired[str]
    membersCanAddMembers: NotRequired[bool]
    membersCanSend: NotRequired[bool]
    membersCanEditInfo: NotRequired[bool]
    approvalRequired: NotRequired[bool]
    expiresAfterSeconds: NotRequired[int]
    community: NotRequired[Address]
    members: NotRequired[list[GroupJoinDataGroupMembers]]


class GroupJoinData(TypedDict):
    chat: NotRequired[Address]
    action: NotRequired[Literal["join", "leave", "promote", "demote", "renumbered", "update"]]
    self: NotRequired[bool]
    participants: NotRequired[list[GroupJoinDataParticipants]]
    method: NotRequired[Literal["added", "invite-link", "community", "approved"]]
    by: NotRequired[Address]
    changedAt: NotRequired[str]
    group: NotRequired[GroupJoinDataGroup]


class GroupLeaveDataParticipants(TypedDict):
    person: NotRequired[Address]
    role: NotRequired[Literal["participant", "admin", "superadmin", "left"]]


class GroupLeaveDataGroupMembers(TypedDict):
    person: NotRequired[Address]
    role: NotRequired[Literal["participant", "admin", "superadmin", "left"]]


class GroupLeaveDataGroup(TypedDict):
    subject: NotRequired[str]
    description: NotRequired[str]
    inviteLink: NotRequired[str]
    membersCanAddMembers: NotRequired[bool]
    membersCanSend: NotRequired[bool]
    membersCanEditInfo: NotRequired[bool]
    approvalRequired: NotRequired[bool]
    expiresAfterSeconds: NotRequired[int]
    community: NotRequired[Address]
    members: NotRequired[list[GroupLeaveDataGroupMembers]]


class GroupLeaveData(TypedDict):
    chat: NotRequired[Address]
    action: NotRequired[Literal["join", "leave", "promote", "demote", "renumbered", "update"]]
    self: NotRequired[bool]
    participants: NotRequired[list[GroupLeaveDataParticipants]]
    method: NotRequired[Literal["added", "invite-link", "community", "approved"]]
    by: NotRequired[Address]
    changedAt: NotRequired[str]
    group: NotRequired[GroupLeaveDataGroup]


class PresenceUpdateDataPresences(TypedDict):
    person: NotRequired[Address]
    state: NotRequired[Literal["online", "offline", "typing", "recording", "paused"]]
    lastSeenAt: NotRequired[str]


class PresenceUpdateData(TypedDict):
    chat: NotRequired[Address]
    presences: NotRequired[list[PresenceUpdateDataPresences]]


class PollVoteData(TypedDict):
    poll: NotRequired[MessageId]
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    voter: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    choices: NotRequired[list[str]]
    votedAt: NotRequired[str]
    reason: NotRequired[str]


class PollVoteFailedData(TypedDict):
    poll: NotRequired[MessageId]
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    voter: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    choices: NotRequired[list[str]]
    votedAt: NotRequired[str]
    reason: NotRequired[str]


class ChatArchiveData(TypedDict):
    chat: NotRequired[Address]
    archived: NotRequired[bool]
    lastActivityAt: NotRequired[str]


class CallReceivedData(TypedDict):
    callId: NotRequired[str]
    caller: NotRequired[Address]
    chat: NotRequired[Address]
    media: NotRequired[Literal["voice", "video"]]
    group: NotRequired[bool]
    outcome: NotRequired[Literal["ringing", "accepted", "rejected", "missed", "accepted-elsewhere", "rejected-elsewhere", "unknown"]]
    at: NotRequired[str]


class CallAcceptedData(TypedDict):
    callId: NotRequired[str]
    caller: NotRequired[Address]
    chat: NotRequired[Address]
    media: NotRequired[Literal["voice", "video"]]
    group: NotRequired[bool]
    outcome: NotRequired[Literal["ringing", "accepted", "rejected", "missed", "accepted-elsewhere", "rejected-elsewhere", "unknown"]]
    at: NotRequired[str]


class CallRejectedData(TypedDict):
    callId: NotRequired[str]
    caller: NotRequired[Address]
    chat: NotRequired[Address]
    media: NotRequired[Literal["voice", "video"]]
    group: NotRequired[bool]
    outcome: NotRequired[Literal["ringing", "accepted", "rejected", "missed", "accepted-elsewhere", "rejected-elsewhere", "unknown"]]
    at: NotRequired[str]


class LabelUpsertDataLabel(TypedDict):
    id: NotRequired[str]
    name: NotRequired[str]
    color: NotRequired[int]
    colorHex: NotRequired[str]


class LabelUpsertData(TypedDict):
    label: NotRequired[LabelUpsertDataLabel]


class LabelDeletedDataLabel(TypedDict):
    id: NotRequired[str]
    name: NotRequired[str]
    color: NotRequired[int]
    colorHex: NotRequired[str]


class LabelDeletedData(TypedDict):
    label: NotRequired[LabelDeletedDataLabel]


class LabelChatAddedDataLabel(TypedDict):
    id: NotRequired[str]
    name: NotRequired[str]
    color: NotRequired[int]
    colorHex: NotRequired[str]


class LabelChatAddedData(TypedDict):
    chat: NotRequired[Address]
    label: NotRequired[LabelChatAddedDataLabel]


class LabelChatDeletedDataLabel(TypedDict):
    id: NotRequired[str]
    name: NotRequired[str]
    color: NotRequired[int]
    colorHex: NotRequired[str]


class LabelChatDeletedData(TypedDict):
    chat: NotRequired[Address]
    label: NotRequired[LabelChatDeletedDataLabel]


class EventResponseData(TypedDict):
    about: NotRequired[Literal["calendar-event", "request"]]
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    author: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    eventMessage: NotRequired[MessageId]
    answer: NotRequired[Literal["GOING", "NOT_GOING", "MAYBE", "UNKNOWN"]]
    extraGuests: NotRequired[int]
    respondedAt: NotRequired[str]
    requestId: NotRequired[str]
    status: NotRequired[str]
    error: NotRequired[str]


class EventResponseFailedData(TypedDict):
    about: NotRequired[Literal["calendar-event", "request"]]
    messageId: NotRequired[MessageId]
    chat: NotRequired[Address]
    author: NotRequired[Address]
    direction: NotRequired[Literal["inbound", "outbound"]]
    eventMessage: NotRequired[MessageId]
    answer: NotRequired[Literal["GOING", "NOT_GOING", "MAYBE", "UNKNOWN"]]
    extraGuests: NotRequired[int]
    respondedAt: NotRequired[str]
    requestId: NotRequired[str]
    status: NotRequired[str]
    error: NotRequired[str]


class EngineEventData(TypedDict):
    name: NotRequired[str]


class CallMissedData(TypedDict):
    callId: NotRequired[str]
    caller: NotRequired[Address]
    chat: NotRequired[Address]
    media: NotRequired[Literal["voice", "video"]]
    group: NotRequired[bool]
    outcome: Literal["missed"]
    at: str


class UnrecognizedDataIssues(TypedDict):
    path: str
    expected: str
    received: str


class UnrecognizedData(TypedDict):
    reason: Literal["not-json", "too-deep", "too-wide", "too-many", "not-an-envelope", "unknown-event", "invalid-payload", "too-large"]
    event: NotRequired[str]
    issues: NotRequired[list[UnrecognizedDataIssues]]
    encoding: NotRequired[Literal["base64"]]


class SessionStatus(TypedDict):
    """session.status: The session started, stopped, failed, or waits for a login."""

    meta: Meta
    data: SessionStatusData
    raw: NotRequired[Any]


class StateChange(TypedDict):
    """state.change: The connection of the engine changed; the payload depends on the engine."""

    meta: Meta
    data: StateChangeData
    raw: NotRequired[Any]


class Message(TypedDict):
    """message: A message to this account, in a direct chat, a group, a channel or the status feed."""

    meta: Meta
    data: MessageData
    raw: NotRequired[Any]


class MessageAny(TypedDict):
    """message.any: This account sent or received a message, on any of its devices."""

    meta: Meta
    data: MessageAnyData
    raw: NotRequired[Any]


class MessageWaiting(TypedDict):
    """message.waiting: A message was received that cannot be decrypted yet; a `message` with its content follows (WEBJS only)."""

    meta: Meta
    data: MessageWaitingData
    raw: NotRequired[Any]


class MessageReaction(TypedDict):
    """message.reaction: A person reacted to a message with an emoji, or removed the reaction."""

    meta: Meta
    data: MessageReactionData
    raw: NotRequired[Any]


class MessageAck(TypedDict):
    """message.ack: The acknowledgement level of a message changed: WhatsApp received it, or the other person received, read or played it."""

    meta: Meta
    data: MessageAckData
    raw: NotRequired[Any]


class MessageAckGroup(TypedDict):
    """message.ack.group: One person in a group received, read or played a message; one event for each person."""

    meta: Meta
    data: MessageAckGroupData
    raw: NotRequired[Any]


class MessageRevoked(TypedDict):
    """message.revoked: A message was deleted for everyone."""

    meta: Meta
    data: MessageRevokedData
    raw: NotRequired[Any]


class MessageEdited(TypedDict):
    """message.edited: The text of a message was changed."""

    meta: Meta
    data: MessageEditedData
    raw: NotRequired[Any]


class GroupV2Join(TypedDict):
    """group.v2.join: This account joined a group or was added to one; from Wawp, any member."""

    meta: Meta
    data: GroupV2JoinData
    raw: NotRequired[Any]


class GroupV2Leave(TypedDict):
    """group.v2.leave: This account left a group or was removed from it; from Wawp, any member."""

    meta: Meta
    data: GroupV2LeaveData
    raw: NotRequired[Any]


class GroupV2Update(TypedDict):
    """group.v2.update: The name, description, invitation link or a setting of a group changed."""

    meta: Meta
    data: GroupV2UpdateData
    raw: NotRequired[Any]


class GroupV2Participants(TypedDict):
    """group.v2.participants: Members of a group joined, left, were promoted to admin, or demoted."""

    meta: Meta
    data: GroupV2ParticipantsData
    raw: NotRequired[Any]


class GroupV2ParticipantsJoinRequest(TypedDict):
    """group.v2.participants.join-request: A person asks to join a group whose admins approve members, or the request ended."""

    meta: Meta
    data: GroupV2ParticipantsJoinRequestData
    raw: NotRequired[Any]


class GroupJoin(TypedDict):
    """group.join: A person joined a group; the payload is the engine’s own object."""

    meta: Meta
    data: GroupJoinData
    raw: NotRequired[Any]


class GroupLeave(TypedDict):
    """group.leave: A person left a group; the payload is the engine’s own object."""

    meta: Meta
    data: GroupLeaveData
    raw: NotRequired[Any]


class PresenceUpdate(TypedDict):
    """presence.update: A person came online, went offline, or is typing or recording. The sender reports only people to whose presence it is subscribed."""

    meta: Meta
    data: PresenceUpdateData
    raw: NotRequired[Any]


class PollVote(TypedDict):
    """poll.vote: A person voted in a poll, changed the vote, or removed it; one event for each click."""

    meta: Meta
    data: PollVoteData
    raw: NotRequired[Any]


class PollVoteFailed(TypedDict):
    """poll.vote.failed: A person voted in a poll, but the sender could not decrypt the vote."""

    meta: Meta
    data: PollVoteFailedData
    raw: NotRequired[Any]


class ChatArchive(TypedDict):
    """chat.archive: A chat was archived or unarchived (WEBJS only)."""

    meta: Meta
    data: ChatArchiveData
    raw: NotRequired[Any]


class CallReceived(TypedDict):
    """call.received: A person calls this account, by voice or video."""

    meta: Meta
    data: CallReceivedData
    raw: NotRequired[Any]


class CallAccepted(TypedDict):
    """call.accepted: A call to this account was accepted on one of its devices."""

    meta: Meta
    data: CallAcceptedData
    raw: NotRequired[Any]


class CallRejected(TypedDict):
    """call.rejected: A call to this account ended without being accepted here. `outcome` is the reason."""

    meta: Meta
    data: CallRejectedData
    raw: NotRequired[Any]


class LabelUpsert(TypedDict):
    """label.upsert: A label was created, or its name or color changed."""

    meta: Meta
    data: LabelUpsertData
    raw: NotRequired[Any]


class LabelDeleted(TypedDict):
    """label.deleted: A label was removed from the account."""

    meta: Meta
    data: LabelDeletedData
    raw: NotRequired[Any]


class LabelChatAdded(TypedDict):
    """label.chat.added: A label was added to a chat."""

    meta: Meta
    data: LabelChatAddedData
    raw: NotRequired[Any]


class LabelChatDeleted(TypedDict):
    """label.chat.deleted: A label was removed from a chat."""

    meta: Meta
    data: LabelChatDeletedData
    raw: NotRequired[Any]


class EventResponse(TypedDict):
    """event.response: A person answered an invitation to a calendar event (WAHA, GOWS only), or an asynchronous request succeeded (Wawp)."""

    meta: Meta
    data: EventResponseData
    raw: NotRequired[Any]


class EventResponseFailed(TypedDict):
    """event.response.failed: An answer to an invitation could not be decrypted (WAHA, GOWS only), or an asynchronous request failed (Wawp)."""

    meta: Meta
    data: EventResponseFailedData
    raw: NotRequired[Any]


class EngineEvent(TypedDict):
    """engine.event: Every event of the engine: a raw copy of each other event, and protocol details."""

    meta: Meta
    data: EngineEventData
    raw: NotRequired[Any]


class CallMissed(TypedDict):
    """call.missed: A call to this account ended and was neither accepted nor declined."""

    meta: Meta
    data: CallMissedData
    raw: NotRequired[Any]


class Unrecognized(TypedDict):
    """unrecognized: An authentic webhook that the catalog cannot read. `raw` contains the full body, or its text."""

    meta: Meta
    data: UnrecognizedData
    raw: NotRequired[Any]
