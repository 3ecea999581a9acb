/** The list in each of its states: loading, failed, empty, nothing found, rows. */
import { CloudOff, PackageOpen, SearchX, TriangleAlert } from 'lucide-react';
import { useRef } from 'react';

import { Button } from '../components/Button';
import { errorText, traceText } from '../components/errorText';
import { ItemsTable, ItemsTableSkeleton } from '../components/ItemsTable';
import { Notice } from '../components/Notice';
import type { useItems } from '../hooks/useItems';
import { useI18n } from '../i18n/I18nContext';
import { clearedFilters, narrows, type ItemFilters, type Sort } from '../lib/filters';
import { UnavailableError } from '../services/errors';
import type { Item } from '../services/items';

interface ItemsViewProps {
  list: ReturnType<typeof useItems>;
  filters: ItemFilters;
  onFilters: (filters: ItemFilters) => void;
  onDelete: (item: Item) => void;
}

export function ItemsView({ list, filters, onFilters, onDelete }: ItemsViewProps) {
  const i18n = useI18n();
  const { t, format } = i18n;
  const status = useRef<HTMLParagraphElement>(null);
  const onSort = (sort: Sort) => onFilters({ ...filters, sort });

  if (list.isPending) {
    return (
      <>
        <p role="status" className="sr-only">
          {t('items.loading')}
        </p>
        <ItemsTableSkeleton sort={filters.sort} onSort={onSort} />
      </>
    );
  }

  if (list.data === undefined) {
    const away = list.error instanceof UnavailableError;
    return (
      <div role="alert">
        <Notice
          icon={away ? CloudOff : TriangleAlert}
          title={t('items.error.title')}
          detail={
            <>
              <p>{errorText(list.error, i18n)}</p>
              {away && <p>{t('outage.detail')}</p>}
              <p className="mt-1 text-xs">{traceText(list.error, i18n)}</p>
            </>
          }
        >
          <Button onClick={() => void list.refetch()}>{t('action.tryAgain')}</Button>
        </Notice>
      </div>
    );
  }

  const { pages } = list.data;
  const items = pages.flatMap((page) => page.items);
  const total = pages[0]?.total;

  if (items.length === 0) {
    return narrows(filters) ? (
      <Notice icon={SearchX} title={t('items.noMatch.title')} detail={t('items.noMatch.hint')}>
        <Button onClick={() => onFilters(clearedFilters(filters))}>{t('filter.clear')}</Button>
      </Notice>
    ) : (
      <Notice
        icon={PackageOpen}
        title={t('items.empty.title')}
        detail={
          <>
            {t('items.empty.hint')}{' '}
            <code className="rounded bg-raised px-1.5 py-0.5 text-[0.8125rem] text-ink">
              make db-seed
            </code>
          </>
        }
      />
    );
  }

  const shown = format.integer(items.length);
  const loadMore = async () => {
    const { hasNextPage } = await list.fetchNextPage();
    // The button is gone with the last page; the focus must not be gone with it.
    if (!hasNextPage) status.current?.focus();
  };
  return (
    <div aria-busy={list.isFetching}>
      <div className={`transition-opacity ${list.isPlaceholderData ? 'opacity-50' : ''}`}>
        <ItemsTable items={items} sort={filters.sort} onSort={onSort} onDelete={onDelete} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-3 sm:px-5">
        <p ref={status} role="status" tabIndex={-1} className="text-muted tabular-nums">
          {typeof total === 'number'
            ? t('items.count', shown, format.integer(total))
            : t('items.countShown', shown)}
        </p>
        {list.hasNextPage && (
          <Button busy={list.isFetchingNextPage} onClick={() => void loadMore()}>
            {t(list.isFetchingNextPage ? 'items.loadingMore' : 'items.loadMore')}
          </Button>
        )}
      </div>
    </div>
  );
}
