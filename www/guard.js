// @ts-check
/**
 * Where the page's modules cannot run, says so; and where the host forbids the style that stands in the built page, loads it as a
 * file. A classic script in plain old JavaScript, because it is for browsers that know no modules, and for files that are
 * missing or blocked.
 */
(function () {
  function tell() {
    var messages = document.querySelectorAll('tcp-timeline [data-when="unavailable"]');
    for (var i = 0; i < messages.length; i += 1) messages[i].removeAttribute('hidden');
  }
  var style = document.querySelector('style');
  var file = style && !style.sheet && style.getAttribute('data-file');
  if (file) {
    var link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = file;
    document.head.appendChild(link);
  }
  if (!('noModule' in HTMLScriptElement.prototype)) tell();
  addEventListener(
    'error',
    function (event) {
      var target = event.target;
      var isModule = target instanceof HTMLScriptElement && target.type === 'module';
      var isBegun = window.customElements && customElements.get('tcp-timeline');
      if (isModule || (target === window && !isBegun)) tell();
    },
    true,
  );
})();
