/**
 * The fields of an item. What was typed belongs to the caller, so it outlives failures; this form
 * decides when to show a mistake (after a field was left, or after an attempt to send) and puts the
 * focus on the first one.
 */
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';

import { useI18n } from '../i18n/I18nContext';
import {
  issueOf,
  issuesOf,
  itemFields,
  lengthOf,
  type Issues,
  type ItemDraft,
  type ItemField,
} from '../lib/itemForm';
import { itemConstraints } from '../types/constraints';
import { issueText } from './errorText';
import { Field, type ControlProps } from './Field';

interface ItemFormProps {
  /** So that a button outside of the form can send it. */
  id: string;
  draft: ItemDraft;
  onChange: (draft: ItemDraft) => void;
  /** Called with a draft that has no issues that this side can see. */
  onSubmit: () => void;
  /** The API's issues with the last draft that was sent. */
  serverIssues: Issues;
  /** Offered as one types a category. */
  categories: readonly string[];
  /** Messages above the fields. */
  children?: ReactNode;
}

export function ItemForm({
  id,
  draft,
  onChange,
  onSubmit,
  serverIssues,
  categories,
  children,
}: ItemFormProps) {
  const i18n = useI18n();
  const { t, format } = i18n;
  const form = useRef<HTMLFormElement>(null);
  const categoriesId = useId();
  const [left, setLeft] = useState<ReadonlySet<ItemField>>(new Set());
  // A server's issue stands until its field is changed.
  const [answered, setAnswered] = useState({ to: serverIssues, changed: new Set<ItemField>() });
  if (answered.to !== serverIssues) setAnswered({ to: serverIssues, changed: new Set() });

  const focusField = (field: ItemField | undefined) => {
    const control = field === undefined ? null : form.current?.elements.namedItem(field);
    if (control instanceof HTMLElement) control.focus();
  };
  useEffect(() => {
    focusField(itemFields.find((field) => serverIssues[field] !== undefined));
  }, [serverIssues]);

  const errorOf = (field: ItemField): string | undefined => {
    const own = left.has(field) ? issueOf(field, draft) : undefined;
    const issue = own ?? (answered.changed.has(field) ? undefined : serverIssues[field]);
    return issue && issueText(field, issue, i18n);
  };

  const control = (field: ItemField, attributes: ControlProps) => ({
    ...attributes,
    name: field,
    value: draft[field],
    onChange: (event: { target: { value: string } }) => {
      onChange({ ...draft, [field]: event.target.value });
      setAnswered({ to: serverIssues, changed: new Set([...answered.changed, field]) });
    },
    // A field that one only passed through is not scolded for being empty.
    onBlur: () => {
      if (draft[field] !== '') setLeft(new Set([...left, field]));
    },
  });

  const submit = () => {
    setLeft(new Set(itemFields));
    const issues = issuesOf(draft);
    const first = itemFields.find((field) => issues[field] !== undefined);
    if (first === undefined) onSubmit();
    else focusField(first);
  };

  return (
    <form
      id={id}
      ref={form}
      noValidate
      autoComplete="off"
      className="flex flex-1 flex-col gap-5 overflow-y-auto px-5 py-5 sm:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {children}
      <Field label={t('form.name')} error={errorOf('name')}>
        {(attributes) => (
          <input {...control('name', attributes)} required data-autofocus className="control" />
        )}
      </Field>
      <Field label={t('form.category')} error={errorOf('category')}>
        {(attributes) => (
          <>
            <input
              {...control('category', attributes)}
              required
              list={categoriesId}
              className="control"
            />
            <datalist id={categoriesId}>
              {categories.map((category) => (
                <option key={category} value={category} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label={t('form.price')} error={errorOf('price')}>
          {(attributes) => (
            <input
              {...control('price', attributes)}
              required
              inputMode="decimal"
              className="control tabular-nums"
            />
          )}
        </Field>
        <Field label={t('form.quantity')} error={errorOf('quantity')}>
          {(attributes) => (
            <input
              {...control('quantity', attributes)}
              required
              inputMode="numeric"
              className="control tabular-nums"
            />
          )}
        </Field>
      </div>
      <Field
        label={t('form.description')}
        note={t('form.optional')}
        error={errorOf('description')}
        hint={t(
          'form.characters',
          format.integer(lengthOf(draft.description)),
          format.integer(itemConstraints.description.maxLength),
        )}
      >
        {(attributes) => (
          <textarea
            {...control('description', attributes)}
            rows={5}
            className="control h-auto resize-y py-2"
          />
        )}
      </Field>
    </form>
  );
}
