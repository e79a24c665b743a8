// The explanation of one rule in one of the annotation columns.
import { Component, createComponentVNode, createVNode } from 'inferno';
import { Cell } from 'table-js/lib/components';
import EditableComponent from 'dmn-js-shared/lib/components/EditableComponent';

import { words } from '../words/zh/studio-tables.js';
import { noteColumns, noteOf, withNote } from './notes.js';

const ELEMENT = 1; // inferno's flags: an HTML element, a component
const COMPONENT = 2;

/** The component of the cells of the annotation column at this place. */
export function annotationCell(place) {
  return class AnnotationCell extends Component {
    #update = () => this.forceUpdate();

    componentWillMount() {
      this.context.changeSupport.onElementsChanged(this.props.row.id, this.#update);
    }

    componentWillUnmount() {
      this.context.changeSupport.offElementsChanged(this.props.row.id, this.#update);
    }

    render() {
      const { row, rowIndex } = this.props;
      const { injector } = this.context;
      const column = noteColumns(injector.get('sheet').getRoot().businessObject)[place];
      if (!column) return null;
      const text = noteOf(row.businessObject, column.key);
      const modeling = injector.get('modeling', false);
      return createComponentVNode(COMPONENT, Cell, {
        className: 'annotation',
        coords: `${rowIndex}:note-${place}`,
        elementId: `${row.id}__note_${column.key}`,
        'data-row-id': row.id,
        children: modeling ? editor(row.businessObject, column, text, modeling) : text || '-'
      });
    }
  };
}

function editor(rule, { key, name }, value, modeling) {
  const create = (type, values) => rule.$model.create(type, values);
  const onChange = text => modeling.updateProperties(rule, withNote(rule, key, text, create));
  const label = name ?? words.description;
  return createComponentVNode(COMPONENT, NoteEditor, { label, ctrlForNewline: true, className: 'annotation-editor', onChange, value });
}

class NoteEditor extends EditableComponent {
  render() {
    return createVNode(ELEMENT, 'div', this.getClassName(), this.getEditor(), 0);
  }
}
