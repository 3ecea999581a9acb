/**
 * The list's filters. What is typed shows at once and is applied after a pause; a price that is
 * not one (or a maximum below the minimum) is marked and not applied.
 */
import { ChevronDown, Search, SlidersHorizontal, X } from 'lucide-react';
import { useId, useState } from 'react';

import { useDebouncedCallback } from '../hooks/useDebouncedCallback';
import { useI18n } from '../i18n/I18nContext';
import type { Formats } from '../i18n/format';
import {
  clearedFilters,
  DEFAULT_SORT,
  filtersToSearch,
  isSort,
  narrows,
  type ItemFilters,
  type Sort,
} from '../lib/filters';
import { parsePrice } from '../lib/price';
import { listConstraints } from '../types/constraints';
import { Button } from './Button';
import { Field } from './Field';

const PAUSE_MS = 300;

interface FilterBarProps {
  filters: ItemFilters;
  onChange: (filters: ItemFilters) => void;
  categories: readonly string[];
}

interface Texts {
  q: string;
  category: string;
  minPrice: string;
  maxPrice: string;
}

function textsOf(filters: ItemFilters, format: Formats): Texts {
  const price = (value: ItemFilters['minPrice']) =>
    value === undefined ? '' : format.editablePrice(value);
  return {
    q: filters.q,
    category: filters.category,
    minPrice: price(filters.minPrice),
    maxPrice: price(filters.maxPrice),
  };
}

/** The filters from the typed texts, or their errors. */
function read(texts: Texts, sort: Sort) {
  const minPrice = parsePrice(texts.minPrice);
  const maxPrice = parsePrice(texts.maxPrice);
  const minInvalid = texts.minPrice.trim() !== '' && minPrice === undefined;
  const maxInvalid = texts.maxPrice.trim() !== '' && maxPrice === undefined;
  const inverted = minPrice !== undefined && maxPrice !== undefined && minPrice > maxPrice;
  return {
    filters: { q: texts.q.trim(), category: texts.category.trim(), minPrice, maxPrice, sort },
    valid: !minInvalid && !maxInvalid && !inverted,
    minInvalid,
    maxInvalid,
    inverted,
  };
}

/** The filters without their order, to compare. */
function addressOf(filters: ItemFilters): string {
  return filtersToSearch({ ...filters, sort: DEFAULT_SORT }).toString();
}

export function FilterBar({ filters, onChange, categories }: FilterBarProps) {
  const { t, format } = useI18n();
  const categoriesId = useId();
  const moreId = useId();
  // On a narrow screen all but the search is folded away, lest the list begin below the fold.
  const [open, setOpen] = useState(false);
  const [texts, setTexts] = useState(() => textsOf(filters, format));

  // Something other than this bar changed the URL (back button, a link): show its state. Ignore
  // changes by the bar itself, because the visitor may have typed more since.
  const address = addressOf(filters);
  const [seen, setSeen] = useState({ address, requested: address });
  if (address !== seen.address) {
    if (address !== seen.requested) setTexts(textsOf(filters, format));
    setSeen({ address, requested: address });
  }

  const request = (wanted: ItemFilters) => {
    setSeen({ address, requested: addressOf(wanted) });
    onChange(wanted);
  };
  const apply = useDebouncedCallback(() => {
    const { filters: wanted, valid } = read(texts, filters.sort);
    if (valid && addressOf(wanted) !== address) request(wanted);
  }, PAUSE_MS);
  const type = (name: keyof Texts) => (event: { target: { value: string } }) => {
    setTexts({ ...texts, [name]: event.target.value });
    apply();
  };
  const clear = () => {
    const cleared = clearedFilters(filters);
    setTexts(textsOf(cleared, format));
    request(cleared);
  };

  const { minInvalid, maxInvalid, inverted } = read(texts, filters.sort);
  return (
    <form
      role="search"
      aria-label={t('filter.label')}
      className="grid grid-cols-2 items-start gap-x-3 gap-y-4 sm:grid-cols-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1.2fr)_7.5rem_7.5rem_minmax(0,1.3fr)]"
      onSubmit={(event) => event.preventDefault()}
    >
      <Field label={t('filter.search')} className="col-span-2 sm:col-span-4 lg:col-span-1">
        {(attributes) => (
          <div className="relative">
            <Search
              aria-hidden
              className="pointer-events-none absolute top-3 left-3 size-4 text-muted"
            />
            <input
              {...attributes}
              type="search"
              value={texts.q}
              maxLength={listConstraints.q.maxLength}
              placeholder={t('filter.searchPlaceholder')}
              className="control pl-9"
              onChange={type('q')}
            />
          </div>
        )}
      </Field>
      <Button
        className="col-span-2 sm:hidden"
        aria-expanded={open}
        aria-controls={moreId}
        onClick={() => setOpen(!open)}
      >
        <SlidersHorizontal aria-hidden className="size-4" />
        {t('filter.more')}
      </Button>
      <div id={moreId} className={`${open ? 'contents' : 'hidden'} sm:contents`}>
        <Field label={t('filter.category')} className="col-span-2 sm:col-span-1">
          {(attributes) => (
            <>
              <input
                {...attributes}
                value={texts.category}
                list={categoriesId}
                maxLength={listConstraints.category.maxLength}
                placeholder={t('filter.categoryPlaceholder')}
                className="control"
                onChange={type('category')}
              />
              <datalist id={categoriesId}>
                {categories.map((category) => (
                  <option key={category} value={category} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field
          label={t('filter.minPrice')}
          error={minInvalid ? t('filter.priceInvalid') : undefined}
        >
          {(attributes) => (
            <input
              {...attributes}
              value={texts.minPrice}
              inputMode="decimal"
              placeholder="0"
              className="control tabular-nums"
              onChange={type('minPrice')}
            />
          )}
        </Field>
        <Field
          label={t('filter.maxPrice')}
          error={
            maxInvalid ? t('filter.priceInvalid') : inverted ? t('filter.priceInverted') : undefined
          }
        >
          {(attributes) => (
            <input
              {...attributes}
              value={texts.maxPrice}
              inputMode="decimal"
              placeholder="∞"
              className="control tabular-nums"
              onChange={type('maxPrice')}
            />
          )}
        </Field>
        <Field label={t('filter.sort')} className="col-span-2 sm:col-span-1">
          {(attributes) => (
            <div className="relative">
              <select
                {...attributes}
                value={filters.sort}
                className="control appearance-none pr-9 text-ellipsis"
                onChange={({ target }) => {
                  if (isSort(target.value)) onChange({ ...filters, sort: target.value });
                }}
              >
                {listConstraints.sort.enum.map((sort) => (
                  <option key={sort} value={sort}>
                    {t(`sort.${sort}`)}
                  </option>
                ))}
              </select>
              <ChevronDown
                aria-hidden
                className="pointer-events-none absolute top-3 right-3 size-4 text-muted"
              />
            </div>
          )}
        </Field>
      </div>
      {narrows(filters) && (
        <div className="col-span-full -mt-1">
          <Button variant="ghost" className="-ml-3 h-8 px-3" onClick={clear}>
            <X aria-hidden className="size-4" />
            {t('filter.clear')}
          </Button>
        </div>
      )}
    </form>
  );
}
