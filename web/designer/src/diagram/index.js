// Bixuan.diagram.open: the diagram editor of the studio.
import './diagram.css';

import { open } from './editor.js';

window.Bixuan ??= {};
window.Bixuan.diagram = { ...window.Bixuan.diagram, open };
