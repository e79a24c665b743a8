// Bixuan.forms.open: the form editor with the preview of what people will see.
import './forms.css';

import { open } from './editor.js';

window.Bixuan ??= {};
window.Bixuan.forms = { open };
