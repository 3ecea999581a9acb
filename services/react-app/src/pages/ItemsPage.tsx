/** /: the list of items with its filters. The forms open over it as sheets (child routes). */
import { Plus } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Outlet, useLocation } from 'react-router';

import { ButtonLink } from '../components/Button';
import { ConfirmDialog } from '../components/ConfirmDialog';
import { FilterBar } from '../components/FilterBar';
import { useToast } from '../hooks/ToastContext';
import { useDeleteItem } from '../hooks/useDeleteItem';
import { useItemFilters } from '../hooks/useItemFilters';
import { useItems } from '../hooks/useItems';
import { useI18n } from '../i18n/I18nContext';
import type { Item } from '../services/items';
import { ItemsView } from './ItemsView';
import type { ListContext } from './listContext';

export function ItemsPage() {
  const { t } = useI18n();
  const toast = useToast();
  const { search } = useLocation();
  const [filters, setFilters] = useItemFilters();
  const list = useItems(filters);
  const deletion = useDeleteItem();
  const [doomed, setDoomed] = useState<Item>();
  const heading = useRef<HTMLHeadingElement>(null);

  const pages = list.data?.pages;
  const context = useMemo<ListContext>(() => {
    const names = pages?.flatMap((page) => page.items.map((item) => item.category)) ?? [];
    return { categories: [...new Set(names)].sort((a, b) => a.localeCompare(b)) };
  }, [pages]);

  const confirmDeletion = ({ id, name }: Item) => {
    // The button that opened the question is about to vanish with its row: the focus goes where
    // a keyboard user can go on from.
    flushSync(() => setDoomed(undefined));
    heading.current?.focus();
    deletion.mutateAsync(id).then(
      () => toast(t('form.deleted', name)),
      () => toast(t('delete.failed', name), 'error'),
    );
  };

  return (
    <>
      <title>{`${t('items.title')} · ${t('app.name')}`}</title>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight">
            {t('items.title')}
          </h1>
          <p className="mt-1 text-muted">{t('items.subtitle')}</p>
        </div>
        <ButtonLink
          variant="primary"
          to={{ pathname: '/items/new', search }}
          preventScrollReset
          className="max-sm:w-full"
        >
          <Plus aria-hidden className="size-4" />
          {t('items.new')}
        </ButtonLink>
      </div>
      <section className="mt-6 rounded-2xl border border-line bg-surface shadow-card">
        <div className="border-b border-line p-4 sm:p-5">
          <FilterBar filters={filters} onChange={setFilters} categories={context.categories} />
        </div>
        <ItemsView list={list} filters={filters} onFilters={setFilters} onDelete={setDoomed} />
      </section>
      {doomed !== undefined && (
        <ConfirmDialog
          title={t('delete.title')}
          detail={t('delete.detail', doomed.name)}
          confirm={t('action.delete')}
          cancel={t('action.cancel')}
          onCancel={() => setDoomed(undefined)}
          onConfirm={() => confirmDeletion(doomed)}
        />
      )}
      <Outlet context={context} />
    </>
  );
}
