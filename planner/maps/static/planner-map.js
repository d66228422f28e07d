// Draws what the page says into a standing Leaflet map: one canvas, text set as text, no outside address.
// The page hands over layers (geometry by address; classes and labels by position) through update();
// a click hands the layer's name and the feature's code back.
window.plannerMap = (() => {
  "use strict";

  // The credits stand below; without animation the map is where it should be once it says painted.
  const VIEW = { paddingTopLeft: [12, 12], paddingBottomRight: [12, 44], animate: false };
  const shapes = new Map(); // address or inline text → promise of a feature collection
  let map, renderer, ground, drawn, labels, highlight, legend, credits, framed;
  let state = { layers: [], ground: null, focus: null, fit: null, turn: null };
  let ticket = 0;
  let clicks = 0;

  function attach(target) {
    map = target;
    document.documentElement.lang = "zh-CN";
    document.title = "地图";
    // streamlit-folium and folium each bring one, and both forbid to enlarge the page.
    for (const viewport of document.querySelectorAll("meta[name=viewport]"))
      viewport.content = "width=device-width, initial-scale=1";
    const container = map.getContainer();
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", "地图:可用方向键移动,用加减键缩放");

    map.attributionControl.setPrefix("Leaflet");
    if (map.zoomControl) map.removeControl(map.zoomControl);
    L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
    L.control.scale({ imperial: false, position: "topright" }).addTo(map);
    renderer = L.canvas({ padding: 0.3, tolerance: 4 });
    map.createPane("names").style.zIndex = 450;
    map.getPane("names").style.pointerEvents = "none";
    ground = L.layerGroup().addTo(map);
    drawn = L.layerGroup().addTo(map);
    labels = L.layerGroup().addTo(map);
    highlight = L.layerGroup().addTo(map);
    // Below the map, not on it: in any county some corner of it would hide a village.
    legend = L.DomUtil.create("div", "planner-legend");
    container.after(legend);
    window.addEventListener("resize", makeRoom);
    new ResizeObserver(makeRoom).observe(legend); // it may take another line once its font is there
    // The frame gets its height only after the first update has begun, and until then there is no room to share.
    framed = new Promise((resolve) => {
      const look = () => window.innerHeight >= container.offsetHeight && resolve();
      window.addEventListener("resize", look);
      look();
    });
    map.on("zoomend", () => {
      nameShapes();
      resizePoints();
    });
    new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(container);
  }

  async function update(next) {
    const moved = next.turn !== state.turn;
    state = next;
    const mine = ++ticket;
    const beneath = state.ground && load({ address: state.ground });
    const collections = await Promise.all(state.layers.map(load));
    const outlines = await beneath;
    await framed;
    if (mine !== ticket) return; // a newer state has come meanwhile
    drawn.clearLayers();
    ground.clearLayers();
    if (outlines) ground.addLayer(L.geoJSON(outlines, { renderer, interactive: false, style: GROUND }));
    state.layers.forEach((layer, index) => draw(layer, collections[index]));
    nameShapes();
    writeLegend();
    writeCredits();
    if (moved) look();
    markFocus();
    map.getContainer().dataset.painted = String(state.turn);
  }

  function load(layer) {
    const source = layer.address || layer.inline;
    if (!shapes.has(source)) {
      const reading = layer.address
        ? fetch(layer.address).then((answer) => {
            if (!answer.ok) throw new Error(`${layer.address}: ${answer.status}`);
            return answer.json();
          })
        : Promise.resolve(JSON.parse(layer.inline));
      reading.catch(() => shapes.delete(source)); // asked again at the next update
      shapes.set(source, reading);
    }
    return shapes.get(source);
  }

  const FEW = 120;
  const GROUND = { weight: 1, color: "#8d8570", fillColor: "#ffffff", fillOpacity: 0.45 };

  function draw(layer, collection) {
    const features = collection.features
      .map((feature, index) => ({ ...feature, index }))
      .filter((feature) => feature.geometry && layer.class_of[feature.index] >= 0);
    const few = features.length <= FEW;
    const group = L.geoJSON(
      { type: "FeatureCollection", features },
      {
        renderer,
        style: (feature) => styleOf(layer, feature, few),
        pointToLayer: (feature, place) => L.circleMarker(place, { renderer }),
        onEachFeature: (feature, shape) => {
          shape.plannerLayer = layer.name;
          shape.plannerQuiet = layer.classes[layer.class_of[feature.index]].quiet;
          shape.plannerFew = few;
          shape.plannerMark = layer.mark_of[feature.index] || "";
          shape.bindTooltip(() => tooltip(layer, feature), { sticky: layer.shape !== "point" });
          shape.on("click", () => pick(layer, feature));
        },
      },
    );
    drawn.addLayer(group);
  }

  function styleOf(layer, feature, few) {
    const kind = layer.classes[layer.class_of[feature.index]];
    const fillColor = kind.hatched ? hatch(kind.colour) : kind.colour;
    if (layer.shape === "point")
      return { ...dot(kind.quiet, few, layer.mark_of[feature.index]), color: "#ffffff", fillColor: kind.colour };
    if (layer.shape === "line")
      return { weight: 2, color: kind.colour, dashArray: kind.hatched ? "6 5" : null, fill: false };
    if (isWeb(feature)) return { stroke: false, fillColor, fillOpacity: 0.9 };
    return { weight: 1.2, color: "#5d5748", fillColor, fillOpacity: kind.hatched ? 1 : 0.62 };
  }

  // Bands along roads: an area of so many rings would vanish beneath its own outline, and has no middle to name.
  const MANY_RINGS = 12;

  function isWeb(feature) {
    const { type, coordinates } = feature.geometry;
    const rings = type === "MultiPolygon" ? coordinates.flat() : coordinates;
    return type.endsWith("Polygon") && rings.length > MANY_RINGS;
  }

  // Thousands of points in sight must not hide the areas beneath; far in they must be easy to hit. A handful
  // of points (sites among villages) is large enough to be found.
  function dot(quiet, few, mark) {
    if (mark) return { radius: 11, weight: 1.6, fillOpacity: 1 };
    const far = map.getZoom() < 9.5;
    const radius = Math.min(7, Math.max(1.9, (map.getZoom() - 6) * 1.3));
    if (few) return { radius: Math.max(6, radius), weight: 1.6, fillOpacity: 1 };
    return far && quiet
      ? { radius: radius * 0.55, weight: 0, fillOpacity: 0.55 }
      : { radius, weight: far ? 0.5 : 0.9, fillOpacity: 0.95 };
  }

  function resizePoints() {
    drawn.eachLayer((group) =>
      group.eachLayer((shape) => {
        if (shape instanceof L.CircleMarker) shape.setStyle(dot(shape.plannerQuiet, shape.plannerFew, shape.plannerMark)).setRadius(shape.options.radius);
      }),
    );
  }

  function hatch(colour) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.globalAlpha = 0.28;
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 8, 8);
    pen.globalAlpha = 0.9;
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.beginPath();
    for (const offset of [-8, 0, 8]) {
      pen.moveTo(offset, 8);
      pen.lineTo(offset + 8, 0);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }

  function tooltip(layer, feature) {
    const element = document.createElement("div");
    element.append(text("strong", feature.properties.name));
    const label = layer.label_of[feature.index];
    if (label) element.append(text("div", `${layer.legend_title}:${label}`));
    return element;
  }

  function text(tag, content, className = "") {
    const element = document.createElement(tag);
    element.textContent = content;
    if (className) element.className = className;
    return element;
  }

  // Names of areas, where they fit: few areas in sight, or far enough in.
  function nameShapes() {
    labels.clearLayers();
    const polygons = [];
    for (const layers of [ground, drawn])
      layers.eachLayer((group) =>
        group.eachLayer((shape) => {
          if (shape instanceof L.Polygon && !isWeb(shape.feature)) polygons.push(shape);
        }),
      );
    drawn.eachLayer((group) => group.eachLayer(writeMark));
    const taken = [];
    for (const shape of polygons.sort((a, b) => area(b) - area(a))) {
      const centre = middle(shape);
      const name = shape.feature.properties.name;
      const point = map.latLngToLayerPoint(centre);
      const box = L.bounds(point.subtract([name.length * 7, 9]), point.add([name.length * 7, 9]));
      if (taken.some((other) => other.overlaps(box))) continue;
      taken.push(box);
      const icon = L.divIcon({ className: "planner-name", html: text("span", name), iconSize: [0, 0] });
      labels.addLayer(L.marker(centre, { icon, pane: "names", interactive: false, keyboard: false }));
    }
  }

  // What a point bears, such as its place in an order, stands on the point.
  function writeMark(shape) {
    if (!shape.plannerMark || !shape.getLatLng) return;
    const icon = L.divIcon({ className: "planner-mark", html: text("span", shape.plannerMark), iconSize: [0, 0] });
    labels.addLayer(L.marker(shape.getLatLng(), { icon, pane: "names", interactive: false, keyboard: false }));
  }

  function area(shape) {
    const box = shape.getBounds();
    return (box.getNorth() - box.getSouth()) * (box.getEast() - box.getWest());
  }

  function middle(shape) {
    // Leaflet's own centroid of the first ring, in projected pixels.
    return shape.getCenter ? shape.getCenter() : shape.getBounds().getCenter();
  }

  function writeLegend() {
    legend.replaceChildren();
    for (const layer of [...state.layers].reverse()) {
      // Where a note stands for the classes, those without a value are still listed.
      const classes = layer.classes.filter((kind) => kind.count > 0 && (!layer.note || kind.label === "—"));
      if (!classes.length && !layer.note) continue;
      const group = document.createElement("div");
      group.append(text("strong", layer.title));
      if (layer.note) group.append(text("span", layer.note, "planner-class"));
      legend.append(group);
      for (const kind of classes) {
        const row = text("span", "", "planner-class");
        const swatch = text("span", "", `planner-swatch planner-${layer.shape}`);
        swatch.style.background = kind.hatched
          ? `repeating-linear-gradient(135deg, ${kind.colour} 0 2px, #ffffff 2px 5px)`
          : kind.colour;
        // A line is drawn as many or as few pieces: their number says nothing.
        row.append(swatch, text("span", layer.shape === "line" ? kind.label : `${kind.label} ${kind.count}`));
        group.append(row);
      }
    }
    makeRoom();
  }

  // The map takes what the legend leaves of the frame.
  function makeRoom() {
    map.getContainer().style.height = `${window.innerHeight - legend.offsetHeight}px`;
    map.invalidateSize({ pan: false });
  }

  function writeCredits() {
    if (credits) map.attributionControl.removeAttribution(credits);
    const holder = document.createElement("span");
    holder.textContent = (state.credits || []).join(" · ");
    credits = holder.innerHTML; // escaped by textContent
    if (credits) map.attributionControl.addAttribution(credits);
  }

  function find(layerName, code) {
    let found = null;
    drawn.eachLayer((group) =>
      group.eachLayer((shape) => {
        if (shape.plannerLayer === layerName && shape.feature.properties.code === code) found = shape;
      }),
    );
    return found;
  }

  function look() {
    const shape = state.focus && find(...state.focus);
    if (shape && shape.getBounds) map.fitBounds(shape.getBounds(), { ...VIEW, maxZoom: 11 });
    else if (shape) map.setView(shape.getLatLng(), Math.max(map.getZoom(), 11), { animate: false });
    else if (state.fit) map.fitBounds(state.fit, VIEW);
  }

  function markFocus() {
    highlight.clearLayers();
    const shape = state.focus && find(...state.focus);
    map.getContainer().dataset.focus = shape ? state.focus[1] : "";
    if (!shape) return;
    const style = { color: "#10393b", weight: 3.5, fill: false, interactive: false };
    if (shape.getBounds) highlight.addLayer(L.geoJSON(shape.feature, { style, interactive: false }));
    else highlight.addLayer(L.circleMarker(shape.getLatLng(), { ...style, radius: 10 }));
  }

  function pick(layer, feature) {
    const picked = { layer: layer.name, code: feature.properties.code, click: ++clicks };
    const value = { last_active_drawing: picked };
    window.__GLOBAL_DATA__.last_active_drawing = picked;
    window.__GLOBAL_DATA__.previous_data = value;
    window.Streamlit.setComponentValue(value);
  }

  return { attach, update, map: () => map, find };
})();
