// Shows the API's description with Swagger UI, whose bundle has run before this module.
const place = document.getElementById("api");
window.SwaggerUIBundle({
  url: place.dataset.openapi,
  domNode: place,
  deepLinking: true,
  layout: "BaseLayout",
  presets: [window.SwaggerUIBundle.presets.apis],
});
