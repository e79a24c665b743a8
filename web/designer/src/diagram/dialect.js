// The dialect of our diagrams: BPMN with the zeebe extensions; what Camunda Modeler adds is kept.
import modeler from './modeler-descriptor.js';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';

export const descriptors = { zeebe, modeler };
