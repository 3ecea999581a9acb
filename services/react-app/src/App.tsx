/** Connects the parts of the app: the frame of all pages, and the page of each address. */
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider, type createBrowserRouter, type RouteObject } from 'react-router';

import { Layout } from './components/Layout';
import { ToastProvider } from './components/ToastProvider';
import { AvailabilityContext } from './hooks/AvailabilityContext';
import { createQueryClient } from './hooks/queryClient';
import { I18nProvider } from './i18n/I18nProvider';
import { AboutPage } from './pages/AboutPage';
import { EditItemPage } from './pages/EditItemPage';
import { ErrorPage } from './pages/ErrorPage';
import { ItemsPage } from './pages/ItemsPage';
import { NewItemPage } from './pages/NewItemPage';
import { NotFoundPage } from './pages/NotFoundPage';
import { createAvailability } from './services/availability';

export const routes: RouteObject[] = [
  {
    element: <Layout />,
    errorElement: <ErrorPage />,
    children: [
      {
        path: '/',
        element: <ItemsPage />,
        children: [
          { index: true, element: null },
          { path: 'items/new', element: <NewItemPage /> },
          { path: 'items/:itemId', element: <EditItemPage /> },
        ],
      },
      { path: '/about', element: <AboutPage /> },
      { path: '*', element: <NotFoundPage /> },
    ],
  },
];

type Router = ReturnType<typeof createBrowserRouter>;

/** `createRouter` is called once; tests hand in one that lives in memory. */
export function App({ createRouter }: { createRouter: () => Router }) {
  const [router] = useState(createRouter);
  const [availability] = useState(createAvailability);
  const [queryClient] = useState(() => createQueryClient(availability));
  return (
    <I18nProvider>
      <AvailabilityContext value={availability}>
        <QueryClientProvider client={queryClient}>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </QueryClientProvider>
      </AvailabilityContext>
    </I18nProvider>
  );
}
