import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/app.css';
import './styles/topbar.css';
import './styles/monitor.css';
import './styles/meters.css';
import './styles/next.css';
import './styles/health.css';
import './styles/panel.css';
import './styles/timeline.css';
import './styles/timeline-item.css';
import './styles/pipeline.css';
import './styles/overlays.css';
import './styles/responsive.css';
import './styles/motion.css';
import { createRoot } from 'react-dom/client';
import { takeLiveEvent } from './api/live-feed.ts';
import { studio } from './api/studio.ts';
import { App } from './app/App.tsx';
import { ErrorBoundary } from './app/ErrorBoundary.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root element');
studio.start(takeLiveEvent);
createRoot(root).render(
  <ErrorBoundary>
    <App />
  </ErrorBoundary>,
);
