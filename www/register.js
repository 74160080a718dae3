// @ts-check
/** Makes `<tcp-timeline>` known to the document. */
import { TcpTimeline } from './tcp-timeline.js';

customElements.define('tcp-timeline', TcpTimeline);
