// Bixuan.tables.open: the editor for decision models (requirements, tables, expressions).
import './tables.css';

import { open } from './editor.js';

window.Bixuan ??= {};
window.Bixuan.tables = { open };
