// What axe.py runs in a page, with axe-core in it.
"use strict";

window.look = (() => {
    const told = (results) => results.violations.flatMap((rule) => rule.nodes.map((node) =>
        `${rule.id} at ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`));
    // Nobody reads the HTML that axe would keep of each element it looks at.
    axe.configure({noHtml: true});

    // What is wrong is told in axe's own words. Of what is right only the elements are asked for, by one rule.
    let right = [];
    axe.addReporter("look", (rules, options, ...rest) => {
        right = rules.filter((rule) => rule.id === "color-contrast")
            .flatMap((rule) => rule.passes.map((each) => each.node.element));
        const wrong = rules.map((rule) => ({...rule, passes: [], incomplete: [], inapplicable: []}));
        axe.getReporter("v1")(wrong, options, ...rest);
    });

    // Contrast is looked at in these only, but in the midst of the whole page: all rules share what axe finds out of it.
    // axe has no way for that from outside; the look's own test fails if a new version has moved its rules.
    let unknown = new Set();
    const contrast = axe._audit.rules.find((each) => each.id === "color-contrast"), {matches} = contrast;
    contrast.matches = (element, ...rest) => unknown.has(element) && matches.call(contrast, element, ...rest);

    // Colours on their way to other ones are nobody's fault.
    const settle = () => document.getAnimations().forEach((each) =>
        each.effect.getComputedTiming().endTime < Infinity && each.finish());

    // The line beside a thread and the arrow of a select stand behind no words, but axe can't tell, and decides nothing.
    const undecorated = new CSSStyleSheet();
    undecorated.replaceSync(`.thread::before { content: none !important } select { background-image: none !important }`);
    const bare = () => {
        if (!document.adoptedStyleSheets.includes(undecorated)) {
            document.adoptedStyleSheets.push(undecorated);
        }
    };

    // Boxes and radio buttons show no text.
    const FIELDS = "input:not([type=checkbox], [type=radio]), select, textarea";

    // Fields, and elements with words of their own. Of a single sign axe says nothing, nor of what nobody sees.
    const hasText = (element) => {
        const words = [...element.childNodes].some((each) =>
            each.nodeType === Node.TEXT_NODE && each.data.trim().length > 1);
        if (!words && !element.matches(FIELDS)) {
            return false;
        }
        const {width, height, bottom} = element.getBoundingClientRect();
        return width > 1 && height > 1 && bottom + scrollY > 0 && element.checkVisibility({visibilityProperty: true});
    };

    // How to say by which colours, in which size and on which layers an element shows its text.
    const combinations = () => {
        const known = new Map([[null, ""]]);
        const layersBelow = (element) => {
            if (!known.has(element)) {
                const {backgroundColor, backgroundImage, opacity} = getComputedStyle(element);
                const layer = [backgroundColor, backgroundImage, opacity].join(" ");
                const below = layersBelow(element.parentElement);
                known.set(element, layer === "rgba(0, 0, 0, 0) none 1" ? below : `${below} / ${layer}`);
            }
            return known.get(element);
        };
        return (element) => {
            const style = getComputedStyle(element);
            const around = element.matches("a") ? `link in ${getComputedStyle(element.parentElement).color}` : "text";
            return [around, style.color, style.fontSize, style.fontWeight, style.textDecorationLine, style.textShadow,
                layersBelow(element)].join(" ");
        };
    };

    // Contrast takes axe longer than all else together, and pages mostly repeat what others have shown. A combination
    // that axe has passed is passed wherever it comes again, in either theme and at any width; what it has refused or
    // could not decide is looked at again each time.
    let passed = new Set();
    const know = (lines) => {
        passed = new Set(lines.split("\n"));
    };

    // Look at colours only, or at everything. Returns the problems, and the combinations passed here.
    const at = async ([options, onlyColours]) => {
        settle();
        bare();
        const combination = combinations();
        unknown = new Set([...document.body.querySelectorAll("*")].filter((element) =>
            hasText(element) && !passed.has(combination(element))));
        if (onlyColours && !unknown.size) {
            return [[], []];
        }
        const results = await axe.run(onlyColours ? {include: [...unknown]} : document, options);
        const fresh = new Set(right.map(combination));
        fresh.forEach((each) => passed.add(each));
        return [told(results), [...fresh]];
    };

    // What people press most: buttons, fields, entries of menus and of the rail, and what stands side by side in the head
    // of a comment or ends a card. Other small ones stand in rows of their own. A sign without words is wide enough too.
    const TAP = 44;
    const sizeOf = (each, {width, height}) => Math.round(each.matches(".btn-icon") ? Math.min(width, height) : height);
    const smallTargets = () => [...document.querySelectorAll(
        `.btn:not(.btn-sm, .btn-link), :is(.comment-actions, .row-action) .btn, .form-control, .form-select, .menu-item,
        .rail-link, .check-menu label`)]
        .filter((each) => each.checkVisibility({visibilityProperty: true}))
        .map((each) => [each, each.getBoundingClientRect()])
        .filter(([each, box]) => box.width && sizeOf(each, box) < TAP)
        .map(([each, {width, height}]) =>
            `${each.className} “${each.textContent.trim().slice(0, 30)}” is ${width} px wide and ${height} px high`);

    return {know, at, smallTargets};
})();
