/** Builds the report into the page's mount point, from the data the page carries. */

import './theme.css';
import { createContext } from './context';
import { buildPage } from './page';

const app = document.getElementById('dispersal') ?? document.getElementById('app');
if (app) buildPage(app, createContext());
