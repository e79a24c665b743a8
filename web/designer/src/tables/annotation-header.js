// The head of an annotation column; its name can be changed, and after the last one another column added.
import { Component, createComponentVNode, createVNode } from 'inferno';
import EditableComponent from 'dmn-js-shared/lib/components/EditableComponent';

import { words } from '../words/zh/studio-tables.js';
import { noteColumns, withColumn } from './notes.js';

const ELEMENT = 1; // inferno's flags: an HTML element, a component
const COMPONENT = 2;

/** The component of the head of the annotation column at this place. */
export function annotationHeader(place) {
  return class AnnotationHeader extends Component {
    #update = () => this.forceUpdate();

    componentDidMount() {
      this.context.changeSupport.onElementsChanged(this.#root().id, this.#update);
    }

    componentWillUnmount() {
      this.context.changeSupport.offElementsChanged(this.#root().id, this.#update);
    }

    render() {
      const table = this.#root().businessObject;
      const columns = noteColumns(table);
      const modeling = this.context.injector.get('modeling', false);
      if (!columns[place]) return null;
      const content = [nameOf(table, columns[place], modeling)];
      if (modeling && place === columns.length - 1) content.push(adding(table, modeling));
      return createVNode(ELEMENT, 'th', 'annotation header', content, 0);
    }

    #root() {
      return this.context.injector.get('sheet').getRoot();
    }
  };
}

function nameOf(table, { key, name }, modeling) {
  if (name === undefined || !modeling) return createVNode(ELEMENT, 'div', 'annotation-name', name ?? words.description, 0);
  const onChange = changed => modeling.updateProperties(table, { annotation: withColumn(table, key, changed, creating(table)) });
  return createComponentVNode(COMPONENT, NameEditor, { label: words.annotationName, className: 'annotation-name', onChange, value: name });
}

function adding(table, modeling) {
  const onClick = () => {
    const place = (table.get('annotation') ?? []).length;
    modeling.updateProperties(table, { annotation: withColumn(table, place, words.newAnnotation, creating(table)) });
  };
  const props = { type: 'button', title: words.addAnnotation, 'aria-label': words.addAnnotation, onClick };
  return createVNode(ELEMENT, 'button', 'add-annotation dmn-icon-plus action-icon', null, 1, props);
}

function creating({ $model }) {
  return (type, values) => $model.create(type, values);
}

class NameEditor extends EditableComponent {
  render() {
    return createVNode(ELEMENT, 'div', this.getClassName(), this.getEditor(), 0);
  }
}
