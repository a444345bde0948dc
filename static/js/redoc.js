/**
 * Shows the API's description with ReDoc, which makes its style sheets while it runs: each gets the nonce by which the
 * policy of this page lets it in. The picture of ReDoc's makers lies on their server, and stays there.
 */

const place = document.getElementById("api");
const create = document.createElement.bind(document);

document.createElement = (name, options) => {
  const element = create(name, options);
  if (element instanceof HTMLStyleElement) element.nonce = place.dataset.nonce;
  if (element instanceof HTMLImageElement) {
    element.setAttribute = (attribute, value) => {
      if (attribute !== "src" || String(value).startsWith("data:")) {
        HTMLImageElement.prototype.setAttribute.call(element, attribute, value);
      }
    };
  }
  return element;
};

const bundle = create("script");
bundle.src = place.dataset.bundle;
bundle.addEventListener("load", () => window.Redoc.init(place.dataset.openapi, {}, place));
document.head.append(bundle);
