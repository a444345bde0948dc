// Shows the API's description with ReDoc, whose bundle has run before this module. The nonce lets its style sheets in.
const place = document.getElementById("api");
window.Redoc.init(place.dataset.openapi, { nonce: place.dataset.nonce, hideDownloadButton: false }, place);
