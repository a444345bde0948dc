/**
 * Shows the API's description with ReDoc, which makes its style sheets while it runs: each gets the nonce by which the
 * policy of this page lets it in. The picture of ReDoc's makers lies on their server, and stays there.
 */

const place = document.getElementById("api");
const create = document.createElement.bind(document);

// React names the picture twice: by the attribute, and when it stands in the page by the property too. What isn't loaded
// has failed, so that ReDoc takes the picture away instead of showing its name.
function keepHere(image) {
  const load = (address) => {
    if (String(address).startsWith("data:")) Element.prototype.setAttribute.call(image, "src", address);
    else queueMicrotask(() => image.dispatchEvent(new Event("error")));
  };
  Object.defineProperty(image, "src", { get: () => image.getAttribute("src") ?? "", set: load });
  image.setAttribute = (name, value) => {
    if (name === "src") load(value);
    else Element.prototype.setAttribute.call(image, name, value);
  };
}

document.createElement = (name, options) => {
  const element = create(name, options);
  if (element instanceof HTMLStyleElement) element.nonce = place.dataset.nonce;
  if (element instanceof HTMLImageElement) keepHere(element);
  return element;
};

const bundle = create("script");
bundle.src = place.dataset.bundle;
bundle.addEventListener("load", () => window.Redoc.init(place.dataset.openapi, {}, place));
document.head.append(bundle);
