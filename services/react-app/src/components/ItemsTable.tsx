/**
 * The rows of the list. On a narrow screen category and quantity go under the name, which is itself
 * the link to edit, so that nothing scrolls sideways and the table stays a table.
 */
import { ArrowDown, ArrowUp, ChevronsUpDown, Pencil, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

import { useI18n } from '../i18n/I18nContext';
import { isDescending, sortField, type Sort, type SortField } from '../lib/filters';
import { priceFromJson } from '../lib/price';
import type { Item } from '../services/items';
import { iconButton } from './Button';
import { CategoryTag } from './CategoryTag';
import { Skeleton } from './Skeleton';

interface HeaderProps {
  sort: Sort;
  onSort: (sort: Sort) => void;
}

const cell = 'px-3 py-3 first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5';
const wide = 'hidden md:table-cell';

function SortHeader({
  field,
  label,
  className = '',
  sort,
  onSort,
}: HeaderProps & { field: SortField; label: string; className?: string }) {
  const active = sortField(sort) === field;
  const descending = isDescending(sort);
  const Icon = !active ? ChevronsUpDown : descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={active ? (descending ? 'descending' : 'ascending') : 'none'}
      className={`${cell} font-medium ${className}`}
    >
      <button
        type="button"
        className={`inline-flex items-center gap-1 rounded transition-colors hover:text-ink ${active ? 'text-ink' : ''}`}
        onClick={() => onSort(active && !descending ? `-${field}` : field)}
      >
        {label}
        <Icon aria-hidden className={`size-3.5 ${active ? 'text-accent' : 'opacity-50'}`} />
      </button>
    </th>
  );
}

function Table({ sort, onSort, children }: HeaderProps & { children: ReactNode }) {
  const { t } = useI18n();
  const header = { sort, onSort };
  return (
    <table className="w-full table-fixed border-collapse text-left">
      <caption className="sr-only">{t('items.title')}</caption>
      <thead className="border-b border-line text-[0.8125rem] text-muted">
        <tr>
          <SortHeader {...header} field="name" label={t('items.column.name')} />
          <th scope="col" className={`${cell} ${wide} w-44 font-medium`}>
            {t('items.column.category')}
          </th>
          <SortHeader
            {...header}
            field="price"
            label={t('items.column.price')}
            className="w-26 text-right sm:w-36"
          />
          <SortHeader
            {...header}
            field="quantity"
            label={t('items.column.quantity')}
            className={`${wide} w-32 text-right`}
          />
          <SortHeader
            {...header}
            field="created_at"
            label={t('items.column.created')}
            className="hidden w-36 lg:table-cell"
          />
          <th scope="col" className={`${cell} w-14 sm:w-28`}>
            <span className="sr-only">{t('items.column.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

interface ItemsTableProps extends HeaderProps {
  items: readonly Item[];
  onDelete: (item: Item) => void;
}

export function ItemsTable({ items, onDelete, ...header }: ItemsTableProps) {
  return (
    <Table {...header}>
      {items.map((item) => (
        <ItemRow key={item.id} item={item} onDelete={onDelete} />
      ))}
    </Table>
  );
}

function ItemRow({ item, onDelete }: { item: Item; onDelete: (item: Item) => void }) {
  const { t, format } = useI18n();
  const { search } = useLocation();
  const editing = { pathname: `/items/${item.id}`, search };
  const quantity = format.integer(item.quantity);
  return (
    <tr className="border-b border-line transition-colors last:border-b-0 hover:bg-raised/50">
      <th scope="row" className={`${cell} font-normal`}>
        <Link
          to={editing}
          preventScrollReset
          className="line-clamp-2 font-medium wrap-anywhere underline-offset-4 hover:text-accent hover:underline"
        >
          {item.name}
        </Link>
        {item.description && (
          <p className="hidden truncate text-[0.8125rem] text-muted sm:block">{item.description}</p>
        )}
        <p className="mt-0.5 flex flex-wrap items-center gap-x-3 text-[0.8125rem] text-muted md:hidden">
          <CategoryTag name={item.category} />
          <span className="tabular-nums">{t('items.inStock', quantity)}</span>
        </p>
      </th>
      <td className={`${cell} ${wide}`}>
        <CategoryTag name={item.category} />
      </td>
      <td className={`${cell} text-right font-medium wrap-anywhere tabular-nums`}>
        {format.price(priceFromJson(item.price))}
      </td>
      <td className={`${cell} ${wide} text-right wrap-anywhere tabular-nums`}>{quantity}</td>
      <td className={`${cell} hidden whitespace-nowrap text-muted lg:table-cell`}>
        <time dateTime={item.created_at} title={format.dateTime(item.created_at)}>
          {format.date(item.created_at)}
        </time>
      </td>
      <td className={`${cell} whitespace-nowrap`}>
        <span className="flex justify-end">
          <Link
            to={editing}
            preventScrollReset
            aria-label={t('items.edit', item.name)}
            className={`${iconButton} max-sm:hidden`}
          >
            <Pencil aria-hidden className="size-4" />
          </Link>
          <button
            type="button"
            aria-label={t('items.delete', item.name)}
            className={`${iconButton} hover:text-danger`}
            onClick={() => onDelete(item)}
          >
            <Trash2 aria-hidden className="size-4" />
          </button>
        </span>
      </td>
    </tr>
  );
}

/** The table before its first rows are there; the header works already. */
export function ItemsTableSkeleton(header: HeaderProps) {
  const widths = ['w-2/3', 'w-1/2', 'w-3/4', 'w-3/5', 'w-1/2', 'w-2/3', 'w-3/5', 'w-3/4'];
  return (
    <Table {...header}>
      {widths.map((width, row) => (
        <tr key={row} className="border-b border-line last:border-b-0">
          <td className={cell}>
            <Skeleton className={`h-4 ${width}`} />
            <Skeleton className="mt-2 h-3 w-5/6" />
          </td>
          <td className={`${cell} ${wide}`}>
            <Skeleton className="h-4 w-24" />
          </td>
          <td className={cell}>
            <Skeleton className="ml-auto h-4 w-16" />
          </td>
          <td className={`${cell} ${wide}`}>
            <Skeleton className="ml-auto h-4 w-10" />
          </td>
          <td className={`${cell} hidden lg:table-cell`}>
            <Skeleton className="h-4 w-24" />
          </td>
          <td className={cell}>
            <Skeleton className="ml-auto h-4 w-full max-w-14" />
          </td>
        </tr>
      ))}
    </Table>
  );
}
